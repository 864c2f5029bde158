import EditIcon from '@mui/icons-material/EditOutlined';
import { Box, IconButton, TextField, Tooltip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { API, httpClient } from '../api/http-client';
import { useAccess } from '../api/session-context';
import type { Lead } from '../api/types';
import { ToneChip } from '../common/badges';
import { productNow } from '../common/product-clock';
import { AskDialog } from './ask-dialog';
import { useRefreshHandOff } from './hand-off-dialogs';
import type { HandOffRules } from './types';

type Part = HandOffRules['bant'][number];

interface Entry {
  readonly value: string;
  readonly evidence: string;
  readonly at: string | null;
}

const entryOf = (bant: unknown, part: Part): Entry => {
  const all = typeof bant === 'object' && bant !== null ? (bant as Record<string, unknown>) : {};
  const found = all[part];
  if (typeof found !== 'object' || found === null) return { value: typeof found === 'string' ? found : '', evidence: '', at: null };
  const { value, evidence, at } = found as Record<string, unknown>;
  return {
    value: typeof value === 'string' ? value : '',
    evidence: typeof evidence === 'string' ? evidence : '',
    at: typeof at === 'string' ? at : null,
  };
};

const problemOf = ({ value, evidence, at }: Entry, staleDays: number): 'missing' | 'noEvidence' | 'stale' | 'ok' => {
  if (value.trim() === '') return 'missing';
  if (evidence.trim() === '') return 'noEvidence';
  return at !== null && productNow() - Date.parse(at) > staleDays * 86_400_000 ? 'stale' : 'ok';
};

const TONE = { missing: 'danger', noEvidence: 'warning', stale: 'warning', ok: 'success' } as const;

const BantDialog = ({ lead, bant, rules, close }: { lead: Lead; bant: unknown; rules: HandOffRules; close: () => void }) => {
  const translate = useTranslate();
  const refresh = useRefreshHandOff();
  const [entries, setEntries] = useState(() => new Map(rules.bant.map((part) => [part, entryOf(bant, part)])));
  const edit = (part: Part, change: Partial<Entry>): void =>
    setEntries(
      new Map(entries).set(part, { ...(entries.get(part) ?? entryOf(bant, part)), ...change, at: new Date(productNow()).toISOString() }),
    );
  return (
    <AskDialog
      title={translate('sla.bant.edit')}
      submit={translate('ra.action.save')}
      ready
      close={close}
      run={async () => {
        const known = typeof bant === 'object' && bant !== null ? bant : {};
        await httpClient<unknown>(`${API}/leads/${lead.id}`, {
          method: 'PUT',
          body: JSON.stringify({ bant: { ...known, ...Object.fromEntries(entries) } }),
        });
        await refresh();
      }}
    >
      {rules.bant.map((part) => (
        <Box key={part} sx={{ display: 'grid', gap: 1 }}>
          <Typography variant="subtitle2">{translate(`sla.bant.parts.${part}`)}</Typography>
          <TextField
            label={translate('sla.bant.value')}
            value={entries.get(part)?.value ?? ''}
            onChange={(event) => edit(part, { value: event.target.value })}
          />
          <TextField
            label={translate('sla.bant.evidence')}
            value={entries.get(part)?.evidence ?? ''}
            onChange={(event) => edit(part, { evidence: event.target.value })}
          />
        </Box>
      ))}
    </AskDialog>
  );
};

/** What has to be known before sales confirms: which parts are, with evidence, and not too old. */
export const BantLine = ({ lead, rules }: { lead: Lead; rules: HandOffRules }) => {
  const translate = useTranslate();
  const access = useAccess();
  const [open, setOpen] = useState(false);
  const bant = (lead as Lead & { bant?: unknown }).bant;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, alignItems: 'center', py: 0.5 }}>
      <Typography variant="caption" color="text.secondary">
        {translate('sla.bant.title')}
      </Typography>
      {rules.bant.map((part) => {
        const problem = problemOf(entryOf(bant, part), rules.bantStaleDays);
        return (
          <ToneChip key={part} text={`${translate(`sla.bant.parts.${part}`)} · ${translate(`sla.bant.${problem}`)}`} tone={TONE[problem]} />
        );
      })}
      {access.can('update', 'leads', lead) && (
        <Tooltip title={translate('sla.bant.edit')}>
          <IconButton size="small" aria-label={translate('sla.bant.edit')} onClick={() => setOpen(true)}>
            <EditIcon sx={{ fontSize: 16 }} />
          </IconButton>
        </Tooltip>
      )}
      {open && <BantDialog lead={lead} bant={bant} rules={rules} close={() => setOpen(false)} />}
    </Box>
  );
};
