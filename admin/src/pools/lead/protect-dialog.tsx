import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { postJson } from '../../api/http-client';
import type { Lead } from '../../api/types';
import { useTime } from '../../common/time';
import { SpanInput } from '../../conditions/span-input';
import { useLeadsChanged } from '../../leads/use-lead-verbs';
import { WhyDialog } from '../why-dialog';

interface Granted {
  readonly results: readonly { readonly state?: 'granted' | 'pending'; readonly until?: string }[];
}

/** Asks to keep a lead from being taken back (`protect`), or to put its recycle date off (`extend`). */
export const ProtectDialog = ({ lead, kind, close }: { lead: Lead; kind: 'protect' | 'extend'; close: () => void }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const time = useTime();
  const changed = useLeadsChanged();
  const client = useQueryClient();
  const [span, setSpan] = useState(kind === 'extend' ? 'P3BD' : 'P7D');
  const ask = async (reason: string): Promise<void> => {
    const { results } = await postJson<Granted>(`/leads/${lead.id}/protect`, { kind, for: span, reason });
    const [answer] = results;
    notify(translate(`pools.protect.${answer?.state ?? 'pending'}`, { at: time.dateTime(answer?.until) }), { type: 'success' });
    changed();
    await client.invalidateQueries({ queryKey: ['pool-requests'] });
    close();
  };
  return (
    <WhyDialog
      title={translate(`pools.protect.title.${kind}`)}
      hint={translate(`pools.protect.hint.${kind}`)}
      why={translate('pools.protect.reason')}
      submit={translate('pools.protect.ask')}
      maxLength={1000}
      close={close}
      run={ask}
    >
      <SpanInput label={translate('pools.protect.for')} value={span} units={['bday', 'day', 'week']} onChange={setSpan} />
    </WhyDialog>
  );
};
