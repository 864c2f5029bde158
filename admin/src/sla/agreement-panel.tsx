import { Box, LinearProgress, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';
import type { Lead } from '../api/types';
import { ToneChip } from '../common/badges';
import { useLookups } from '../common/lookups';
import { Panel } from '../common/panel';
import { useText } from '../common/text';
import { useTime } from '../common/time';
import { BantLine } from './bant';
import { HandOffActions } from './hand-off-actions';
import { useHandOffRules } from './hand-off-dialogs';
import { HAND_OFF_TONE } from './hand-offs-page';
import type { HandOff, ObligationRow } from './types';
import { showCount } from '../i18n/counts';

const Progress = ({ row }: { row: ObligationRow }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const lookups = useLookups();
  const counts = Object.entries(row.progress.counts).map(([kind, count]) => `${lookups.activityKind(kind)} ${showCount(count)}`);
  const tone = row.state === 'met' ? 'success' : row.state === 'breached' ? 'error' : 'primary';
  return (
    <Box sx={{ py: 0.75 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'baseline' }}>
        <Typography variant="body2" sx={{ fontWeight: 600, flex: 1 }} noWrap>
          {text(row.label)}
        </Typography>
        <Typography variant="caption" color="text.secondary">
          {translate('sla.obligation.progress', { done: row.done, needed: row.needed })}
        </Typography>
      </Box>
      <LinearProgress
        variant="determinate"
        color={tone}
        value={row.needed > 0 ? Math.min(100, (row.done * 100) / row.needed) : 100}
        aria-label={text(row.label)}
        sx={{ my: 0.5, height: 6, borderRadius: 3 }}
      />
      <Typography variant="caption" color={row.state === 'breached' ? 'error' : 'text.secondary'} component="div">
        {[
          counts.join(' · '),
          row.state === 'running' && row.possibleUntil
            ? translate('sla.obligation.until', { at: time.dateTime(row.possibleUntil) })
            : row.breachCause === 'impossible'
              ? translate('sla.obligation.impossible')
              : translate(`sla.obligation.states.${row.state}`),
        ]
          .filter(Boolean)
          .join(' — ')}
      </Typography>
    </Box>
  );
};

const HandOffLine = ({ handOff }: { handOff: HandOff }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const { data: rules } = useHandOffRules();
  const reason = handOff.reason && (text(rules?.reasons.find((one) => one.key === handOff.reason)?.label) || handOff.reason);
  const detail = [
    reason,
    handOff.note,
    handOff.state === 'offered' && handOff.expiresAt ? `${translate('sla.handOffs.answerBy')} ${time.dateTime(handOff.expiresAt)}` : null,
    handOff.state === 'accepted' && handOff.confirmBy
      ? translate('sla.handOffs.confirmBy', { at: time.dateTime(handOff.confirmBy) })
      : null,
    handOff.state === 'rejected' && handOff.repliedAt === null ? translate('sla.handOffs.owed') : handOff.reply,
  ].filter(Boolean);
  return (
    <Box sx={{ display: 'grid', gap: 0.75, py: 0.75 }}>
      <Box>
        <ToneChip text={translate(`sla.handOffs.states.${handOff.state}`)} tone={HAND_OFF_TONE[handOff.state]} />
      </Box>
      {detail.length > 0 && (
        <Typography variant="body2" color="text.secondary">
          {detail.join(' · ')}
        </Typography>
      )}
      <HandOffActions handOff={handOff} />
    </Box>
  );
};

/** What the contract asks of this lead beside its deadlines: its hand-off, what has to be known, the agreed touches. */
export const AgreementPanel = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const [latest] = useState({ lead: lead.id, latest: true });
  const handOffs = useQuery({
    queryKey: ['sla-hand-offs', lead.id],
    queryFn: () => provider.getAll<HandOff>('sla-hand-offs', latest, ['id', 'DESC'], 1),
    enabled: access.can('read', 'sla-hand-offs'),
  });
  const obligations = useQuery({
    queryKey: ['sla-obligations', lead.id],
    queryFn: () => provider.getAll<ObligationRow>('sla-obligations', latest, ['id', 'DESC'], 10),
    enabled: access.can('read', 'sla-obligations'),
  });
  const { data: rules } = useHandOffRules();
  const [handOff] = handOffs.data?.data ?? [];
  const rows = obligations.data?.data ?? [];
  const asksBant = (rules?.bant.length ?? 0) > 0 && handOff !== undefined;
  if (!handOff && rows.length === 0) return null;
  return (
    <Panel title={translate(handOff ? 'sla.handOffs.panel' : 'sla.obligation.title')}>
      {handOff && <HandOffLine handOff={handOff} />}
      {asksBant && rules && <BantLine lead={lead} rules={rules} />}
      {rows.map((row) => (
        <Progress key={row.id} row={row} />
      ))}
    </Panel>
  );
};
