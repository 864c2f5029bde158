import { Box } from '@mui/material';
import type { Account } from '../api/types';
import { useLookups } from '../common/lookups';
import { plain } from '../common/plain';
import { useLocaleCode, useText } from '../common/text';
import { useTime } from '../common/time';
import { showCode, showCustom, showMoney, showNumber } from '../common/values';
import { conditionState } from '../layouts/condition-state';
import { factsOf } from '../layouts/facts-of';
import { SectionBox } from '../layouts/section-box';
import type { FormField } from '../layouts/sections';
import { useFieldWords, useFormSections, useIsLaidOut } from '../layouts/use-sections';

const NONE = '–';

/** What is known of a company, in the sections its form is laid out in; empty fields stay away until somebody lays it out. */
export const AccountDetails = ({ account }: { account: Account }) => {
  const sections = useFormSections('accounts');
  const laidOut = useIsLaidOut('accounts');
  const words = useFieldWords();
  const lookups = useLookups();
  const text = useText();
  const locale = useLocaleCode();
  const time = useTime();
  const facts = factsOf('account', {}, account);
  const show = (field: FormField): string => {
    if ('custom' in field)
      return showCustom(field.custom, account.custom?.[field.custom.key], { locale, time, text, member: lookups.member });
    switch (field.name) {
      case 'employees':
        return showNumber(account.employees, locale);
      case 'annualRevenue':
        return showMoney(account.annualRevenue, null, locale);
      case 'country':
        return showCode(account.country, 'region', locale);
      case 'owner':
        return [lookups.member(account.owner), lookups.team(account.team)].filter(Boolean).join(' · ');
      default:
        return plain(account[field.name as keyof Account]);
    }
  };
  const isShown = (field: FormField): boolean =>
    field.name !== 'name' &&
    (!('custom' in field) || conditionState(field.custom.visibleWhen, facts) !== false) &&
    (laidOut || show(field) !== '');
  return (
    <>
      {sections.map((section) => {
        const fields = section.fields.filter(isShown);
        return fields.length === 0 ? null : (
          <SectionBox key={section.key} title={words.heading(section)} columns={1} collapsed={section.collapsed} dense>
            {fields.map((field) => (
              <Box key={field.name} sx={{ display: 'flex', gap: 2, py: 0.5, fontSize: 13 }}>
                <Box sx={{ width: 96, flex: 'none', color: 'text.secondary' }}>{words.label(field)}</Box>
                <Box sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>{show(field) || NONE}</Box>
              </Box>
            ))}
          </SectionBox>
        );
      })}
    </>
  );
};
