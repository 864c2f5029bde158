import type { Destination } from '@leadsea/lead-routing/contracts/destination';
import { useTranslate } from 'ra-core';
import { useLookups } from '../../common/lookups';
import { useLocaleCode, useText } from '../../common/text';
import { formatSpan, fromSeconds, spanWords } from '../../conditions/span';
import { useDirectory } from '../kit/directory';
import type { Choice } from '../kit/inputs';
import { useExtensions } from './extensions';

const nameIn = (choices: readonly Choice[], key: string): string => choices.find((choice) => choice.value === key)?.label ?? key;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

/** Where a rule sends a lead, in words. */
export const useDestinationWords = (): ((destination: Destination) => string) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const lookups = useLookups();
  const directory = useDirectory();
  const text = useText();
  const extensions = useExtensions();
  const member = (ref: number | string | undefined): string => {
    const id = typeof ref === 'string' ? directory.idByEmail.get(ref) : ref;
    return id === undefined ? String(ref ?? '…') : lookups.member(id);
  };
  return (destination) => {
    switch (destination.kind) {
      case 'member':
        return member(destination.id ?? destination.email);
      case 'team':
        return translate('setup.routing.words.team', { name: nameIn(directory.teams, destination.key) });
      case 'group':
        return destination.members.map((one) => `${member(one.member)}${one.weight === 1 ? '' : ` ×${one.weight}`}`).join(', ') || '…';
      case 'role':
        return translate('setup.routing.words.role', { name: nameIn(directory.roles, destination.key) });
      case 'pool':
        return translate('setup.routing.words.pool', { name: nameIn(directory.pools, destination.key) });
      case 'account-owner':
        return translate('setup.routing.destinations.account-owner');
      case 'previous-owner':
        return translate('setup.routing.destinations.previous-owner');
      case 'table':
        return translate('setup.routing.words.table', { smart_count: destination.rows.length });
      case 'webhook':
        return translate('setup.routing.words.webhook', { host: hostOf(destination.url) });
      case 'custom':
        return text(extensions.destinations.find(({ key }) => key === destination.type)?.label) || destination.type || '…';
      case 'hold':
        return translate('setup.routing.words.hold', { span: spanWords(formatSpan(fromSeconds(destination.seconds)), locale) });
    }
  };
};
