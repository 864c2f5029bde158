import CheckIcon from '@mui/icons-material/Check';
import type { OwnerExplanation } from '@leadsea/lead-routing/contracts/decision';
import { Autocomplete, Box, Button, TextField, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useGetList, useTranslate } from 'ra-core';
import { useState } from 'react';
import { DateField } from '../../common/date-field';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import type { Lead } from '../../api/types';
import { Panel } from '../../common/panel';
import { useRested } from '../../common/rested';
import { useText } from '../../common/text';
import { ChangesIn, valuesOf, type Change } from './simulated-changes';

interface Answer {
  decision: OwnerExplanation | null;
}
const nameOf = (lead: Lead): string => [lead.name, lead.company].filter(Boolean).join(' · ') || `#${lead.id}`;

const Decision = ({ decision }: { decision: OwnerExplanation }) => {
  const translate = useTranslate();
  const text = useText();
  return (
    <Box sx={{ display: 'grid', gap: 1, fontSize: 13 }}>
      <Typography variant="body2" fontWeight={600}>
        {text(decision.text)}
      </Typography>
      {decision.rules.map((rule) => (
        <Box key={rule.key} sx={{ display: 'flex', gap: 1, color: rule.verdict === 'chosen' ? 'text.primary' : 'text.secondary' }}>
          <Box sx={{ flex: 1, minWidth: 0 }}>{text(rule.label) || rule.key}</Box>
          <span>{translate(`setup.routing.verdict.${rule.verdict}`)}</span>
        </Box>
      ))}
      {decision.candidates.map((candidate, index) => (
        <Box key={index} sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', borderTop: 1, borderColor: 'divider', pt: 0.75 }}>
          <Box sx={{ width: 18, color: 'success.main' }}>{candidate.chosen && <CheckIcon sx={{ fontSize: 16 }} />}</Box>
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Box sx={{ fontWeight: candidate.chosen ? 650 : 400 }}>{candidate.name ?? '–'}</Box>
            <Box sx={{ color: 'text.secondary', fontSize: 12 }}>
              {candidate.chosen
                ? translate('setup.routing.chosen')
                : candidate.codes.map((code) => text(code.text)).join(', ') || translate('setup.routing.notChosen')}
            </Box>
          </Box>
        </Box>
      ))}
    </Box>
  );
};

/** Picks a lead and shows where the saved draft would send it, with a reason for every person considered. */
export const Simulation = ({ id, dirty }: { id: number; dirty: boolean }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [lead, setLead] = useState<Lead | null>(null);
  const [typed, setTyped] = useState('');
  const asked = useRested(typed);
  const found = useGetList<Lead>('leads', {
    pagination: { page: 1, perPage: 20 },
    sort: { field: 'capturedAt', order: 'DESC' },
    filter: asked && !(lead && asked === nameOf(lead)) ? { q: asked } : {},
  });
  const [changes, setChanges] = useState<readonly Change[]>([]);
  const [at, setAt] = useState('');
  const run = useMutation({
    mutationFn: (leadId: number) =>
      postJson<Answer>(`/routing-policies/${id}/simulate`, {
        lead: leadId,
        values: valuesOf(changes),
        ...(at ? { at: new Date(at).toISOString() } : {}),
      }),
  });
  return (
    <Panel title={translate('setup.routing.simulate')}>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <Typography variant="body2" color="text.secondary">
          {translate(dirty ? 'setup.routing.simulateSave' : 'setup.routing.simulateHelp')}
        </Typography>
        <Box sx={{ display: 'flex', gap: 1 }}>
          <Autocomplete
            size="small"
            options={found.data ?? []}
            filterOptions={(options) => options}
            getOptionLabel={nameOf}
            getOptionKey={(option) => option.id}
            isOptionEqualToValue={(a, b) => a.id === b.id}
            value={lead}
            onChange={(_event, chosen) => setLead(chosen)}
            onInputChange={(_event, value) => setTyped(value)}
            renderInput={(params) => <TextField {...params} label={translate('setup.routing.simulateLead')} />}
            sx={{ flex: 1, minWidth: 0 }}
          />
          <Button variant="outlined" disabled={!lead || dirty || run.isPending} onClick={() => lead && run.mutate(lead.id)}>
            {translate('setup.routing.simulateRun')}
          </Button>
        </Box>
        <ChangesIn changes={changes} onChange={setChanges} />
        <DateField
          type="datetime-local"
          label={translate('setup.routing.simulateAt')}
          value={at}
          onChange={(event) => setAt(event.target.value)}
          slotProps={{ inputLabel: { shrink: true } }}
        />
        {run.error && (
          <Typography variant="body2" color="error">
            {refusal(run.error)}
          </Typography>
        )}
        {run.data &&
          (run.data.decision ? (
            <Decision decision={run.data.decision} />
          ) : (
            <Typography variant="body2">{translate('setup.routing.noDecision')}</Typography>
          ))}
      </Box>
    </Panel>
  );
};
