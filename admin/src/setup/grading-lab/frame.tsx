import type { StudyKind } from '@leadsea/lead-grading/contracts/study';
import RunIcon from '@mui/icons-material/PlayArrow';
import { Alert, Box, Button, LinearProgress, Skeleton, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import { When } from '../../common/countdown';
import { EmptyState } from '../../common/empty-state';
import { CountedLink } from '../../definitions/definition-link';
import { useStudy } from './use-study';
import type { Study } from './use-study';

/** Studies whose numbers are in the dictionary. */
const COUNTED = new Set(['backtest', 'checkup']);

/** A study and its answer: the button that asks, the progress, what went wrong, and what was found. */
export const StudyFrame = <Result,>(props: {
  policy: number;
  kind: StudyKind;
  /** Message key below `setup.lab.` of title, hint and button. */
  words: string;
  options?: Readonly<Record<string, unknown>>;
  render: (study: Study<Result>, again: (options?: Readonly<Record<string, unknown>>) => void) => ReactNode;
}) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const access = useAccess();
  const { study, pending, error, busy, start } = useStudy<Result>(props.policy, props.kind);
  const ask = (options: Readonly<Record<string, unknown>> = {}): void => start.mutate({ ...props.options, ...options });
  const button = access.can('update', 'grading-models') && (
    <Button variant={study ? 'outlined' : 'contained'} startIcon={<RunIcon />} disabled={busy} onClick={() => ask()}>
      {translate(`setup.lab.${props.words}.${study ? 'again' : 'run'}`)}
    </Button>
  );
  if (pending) return <Skeleton variant="rounded" height={320} />;
  const share = study?.total ? Math.min(100, (100 * (study.done ?? 0)) / study.total) : 0;
  return (
    <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="body2" color="text.secondary" sx={{ flex: 1, minWidth: 220 }}>
          {translate(`setup.lab.${props.words}.hint`)}
          {COUNTED.has(props.words) && <CountedLink of={props.words} name={translate(`setup.lab.${props.words}.tab`)} />}
        </Typography>
        {study && !busy && (
          <Typography variant="caption" color="text.secondary" component="div">
            <When at={study.createdAt} />
          </Typography>
        )}
        {study && button}
      </Box>
      {Boolean(error) && <Alert severity="error">{refusal(error)}</Alert>}
      {busy && (
        <Box role="status" aria-label={translate('setup.lab.running')}>
          <LinearProgress variant={share > 0 ? 'determinate' : 'indeterminate'} value={share} />
          <Typography variant="caption" color="text.secondary">
            {translate('setup.lab.running')}
          </Typography>
        </Box>
      )}
      {!study && (
        <EmptyState
          title={translate(`setup.lab.${props.words}.empty`)}
          hint={translate(`setup.lab.${props.words}.emptyHint`)}
          action={button}
        />
      )}
      {study?.status === 'failed' && <Alert severity="error">{study.error ?? translate('setup.lab.failed')}</Alert>}
      {study && !busy && study.result && props.render(study, ask)}
    </Box>
  );
};
