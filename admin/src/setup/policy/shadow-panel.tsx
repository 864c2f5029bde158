import { Box, Button, LinearProgress, Skeleton, TextField, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { getJson, postJson } from '../../api/http-client';
import type { LocalisedText } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { ShadowCases } from './shadow-cases';
import type { PolicyRecord } from './types';
import { showCount } from '../../i18n/counts';

export interface ShadowOutcome {
  readonly key: string;
  readonly label: LocalisedText;
  readonly differs: boolean;
  readonly count: number;
}
interface Run {
  readonly id: number;
  readonly state: 'running' | 'ended';
  readonly startedAt: string;
  readonly endsAt: string;
  readonly endedAt: string | null;
  readonly failures: number;
  readonly stale: boolean;
}
type Summary =
  | { readonly possible: false; readonly reason: LocalisedText | null; readonly instead: 'preview' | 'mode' }
  | { readonly possible: true; readonly terms: LocalisedText; readonly run: Run | null; readonly outcomes: readonly ShadowOutcome[] };

const DAYS = 14;
const MOST_DAYS = 60;

const Found = ({ run, outcomes, onOpen }: { run: Run; outcomes: readonly ShadowOutcome[]; onOpen: (outcome: ShadowOutcome) => void }) => {
  const translate = useTranslate();
  const text = useText();
  const time = useTime();
  const total = outcomes.reduce((sum, { count }) => sum + count, 0);
  const differing = outcomes.filter(({ differs }) => differs).reduce((sum, { count }) => sum + count, 0);
  const until = run.state === 'running' ? run.endsAt : (run.endedAt ?? run.endsAt);
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="body2">
        {translate(`setup.shadow.${run.state}`, { from: time.dateTime(run.startedAt), to: time.dateTime(until) })}
      </Typography>
      {run.stale && (
        <Typography variant="body2" color="warning.main">
          {translate('setup.shadow.stale')}
        </Typography>
      )}
      {total === 0 ? (
        <Typography variant="body2" color="text.secondary">
          {translate('setup.shadow.nothing')}
        </Typography>
      ) : (
        <>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {translate('setup.shadow.differs', { smart_count: total, share: Math.round((differing / total) * 100) })}
          </Typography>
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5 }}>
            {outcomes
              .filter(({ count }) => count > 0)
              .map((outcome) => (
                <Box component="li" key={outcome.key}>
                  <Button
                    fullWidth
                    color="inherit"
                    onClick={() => onOpen(outcome)}
                    sx={{ justifyContent: 'space-between', textAlign: 'left', px: 1, fontWeight: 400 }}
                  >
                    <span>{text(outcome.label)}</span>
                    <Box component="b" sx={{ color: outcome.differs ? 'warning.main' : 'text.secondary', pl: 2 }}>
                      {showCount(outcome.count)}
                    </Box>
                  </Button>
                  <LinearProgress
                    aria-hidden
                    variant="determinate"
                    value={(outcome.count / total) * 100}
                    color={outcome.differs ? 'warning' : 'inherit'}
                    sx={{ height: 3, mx: 1, borderRadius: 1, color: 'text.disabled' }}
                  />
                </Box>
              ))}
          </Box>
        </>
      )}
      {run.failures > 0 && (
        <Typography variant="caption" color="error">
          {translate('setup.shadow.failures', { smart_count: run.failures })}
        </Typography>
      )}
    </Box>
  );
};

interface Props {
  readonly resource: string;
  readonly record: PolicyRecord;
  readonly canPublish: boolean;
  readonly dirty: boolean;
}

/** Begins and ends the silent run, and says why it is off. */
const Controls = ({ resource, record, dirty, running }: Omit<Props, 'canPublish'> & { readonly running: boolean }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const client = useQueryClient();
  const [days, setDays] = useState(DAYS);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (verb: 'shadow-start' | 'shadow-stop'): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await postJson(`/${resource}/${record.id}/${verb}`, verb === 'shadow-start' ? { days } : {});
      await client.invalidateQueries({ queryKey: ['policy', resource, record.id, 'shadow'] });
      notify(`setup.shadow.${verb === 'shadow-start' ? 'started' : 'stopped'}`, { type: 'info' });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  const fits = days >= 1 && days <= MOST_DAYS;
  return (
    <Box sx={{ display: 'grid', gap: 1, mt: 1.5 }}>
      {running ? (
        <Button variant="outlined" disabled={busy} onClick={() => void run('shadow-stop')}>
          {translate('setup.shadow.stop')}
        </Button>
      ) : (
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
          <TextField
            size="small"
            type="number"
            label={translate('setup.shadow.days')}
            value={days}
            error={!fits}
            onChange={(event) => setDays(Math.trunc(Number(event.target.value)))}
            slotProps={{ htmlInput: { min: 1, max: MOST_DAYS } }}
            sx={{ width: 88 }}
          />
          <Button variant="outlined" sx={{ flex: 1 }} disabled={busy || dirty || !fits} onClick={() => void run('shadow-start')}>
            {translate('setup.shadow.start')}
          </Button>
        </Box>
      )}
      {dirty && !running && (
        <Typography variant="caption" color="text.secondary">
          {translate('setup.shadow.saveFirst')}
        </Typography>
      )}
      {Boolean(error) && (
        <Typography role="alert" variant="body2" color="error">
          {refusal(error)}
        </Typography>
      )}
    </Box>
  );
};

/** A draft that decides silently beside what is live: start, what differs so far with its records, end. Kinds that cannot say why. */
export const ShadowPanel = ({ resource, record, canPublish, dirty }: Props) => {
  const translate = useTranslate();
  const text = useText();
  const [opened, setOpened] = useState<ShadowOutcome | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['policy', resource, record.id, 'shadow'],
    queryFn: ({ signal }) => getJson<Summary>(`/${resource}/${record.id}/shadow`, signal),
  });
  const note = (words: LocalisedText | null) => (
    <Typography variant="body2" color="text.secondary">
      {text(words ?? undefined)}
    </Typography>
  );
  const body = () => {
    if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
    if (!data) return <Skeleton variant="rounded" height={72} />;
    if (!data.possible)
      return (
        <Box sx={{ display: 'grid', gap: 1 }}>
          <Typography variant="body2">{translate(`setup.shadow.${data.instead}`)}</Typography>
          {note(data.reason)}
        </Box>
      );
    const { run } = data;
    return (
      <>
        {run ? (
          <Found run={run} outcomes={data.outcomes} onOpen={setOpened} />
        ) : (
          <Typography variant="body2" color="text.secondary">
            {translate('setup.shadow.intro')}
          </Typography>
        )}
        {canPublish && <Controls resource={resource} record={record} dirty={dirty} running={run?.state === 'running'} />}
        <Box component="details" sx={{ mt: 1.5, '& summary': { cursor: 'pointer', fontSize: 12, color: 'text.secondary' } }}>
          <summary>{translate('setup.shadow.terms')}</summary>
          {note(data.terms)}
        </Box>
      </>
    );
  };
  return (
    <Panel title={translate('setup.shadow.title')}>
      {body()}
      {opened && <ShadowCases resource={resource} id={record.id} outcome={opened} onClose={() => setOpened(null)} />}
    </Panel>
  );
};
