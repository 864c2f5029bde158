import DoneIcon from '@mui/icons-material/CheckCircleOutlined';
import OpenIcon from '@mui/icons-material/RadioButtonUnchecked';
import { Box, Button, LinearProgress, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { Link } from 'react-router-dom';
import { getJson } from '../api/http-client';
import { Panel } from '../common/panel';
import { usePreference } from '../common/use-preference';

interface State {
  readonly live: Readonly<Record<string, number>>;
  readonly members: number;
  readonly sources: number;
  readonly leads: boolean;
}

interface Step {
  readonly key: string;
  readonly to: string;
  done(state: State): boolean;
}

/** In the order in which one thing rests on the other. */
const STEPS: readonly Step[] = [
  { key: 'members', to: '/setup/members', done: ({ members }) => members > 1 },
  { key: 'calendar', to: '/setup/calendars', done: ({ live }) => (live['calendar'] ?? 0) > 0 },
  { key: 'pool', to: '/setup/pools', done: ({ live }) => (live['pool'] ?? 0) > 0 },
  { key: 'grading', to: '/setup/grading', done: ({ live }) => (live['grading-model'] ?? 0) > 0 },
  { key: 'routing', to: '/setup/routing', done: ({ live }) => (live['routing-policy'] ?? 0) > 0 },
  { key: 'sla', to: '/setup/sla', done: ({ live }) => (live['sla-contract'] ?? 0) > 0 },
  { key: 'source', to: '/setup/sources', done: ({ sources }) => sources > 0 },
  { key: 'leads', to: '/imports', done: ({ leads }) => leads },
];

/** What is still missing before leads can be worked, for whoever sets the product up. Gone when all is there, or when it is sent away. */
const SetupSteps = () => {
  const translate = useTranslate();
  const [hidden, setHidden] = usePreference('setupStepsHidden', false);
  const { data } = useQuery({ queryKey: ['setup-steps'], queryFn: () => getJson<State>('/setup-steps'), enabled: !hidden });
  if (hidden || !data) return null;
  const steps = STEPS.map((step) => ({ ...step, isDone: step.done(data) }));
  const done = steps.filter(({ isDone }) => isDone).length;
  if (done === steps.length) return null;
  const next = steps.find(({ isDone }) => !isDone)?.key;
  return (
    <Box sx={{ px: { xs: 1.5, md: 3 }, pt: 1 }}>
      <Panel
        title={translate('dash.setup.title')}
        actions={
          <Button size="small" color="inherit" onClick={() => setHidden(true)} sx={{ color: 'text.secondary' }}>
            {translate('dash.setup.later')}
          </Button>
        }
      >
        <Typography variant="body2" color="text.secondary">
          {translate('dash.setup.progress', { done, all: steps.length })}
        </Typography>
        <LinearProgress
          variant="determinate"
          aria-label={translate('dash.setup.title')}
          value={(done * 100) / steps.length}
          sx={{ my: 1, height: 6, borderRadius: 1 }}
        />
        <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {steps.map(({ key, to, isDone }) => (
            <Box
              component="li"
              key={key}
              sx={{ display: 'flex', alignItems: 'center', gap: 1.25, py: 0.75, borderTop: 1, borderColor: 'divider' }}
            >
              {isDone ? <DoneIcon color="success" fontSize="small" /> : <OpenIcon color="disabled" fontSize="small" />}
              <Box sx={{ flex: 1, minWidth: 0 }}>
                <Typography variant="body2" sx={{ fontWeight: isDone ? 400 : 600, color: isDone ? 'text.secondary' : 'text.primary' }}>
                  {translate(`dash.setup.${key}`)}
                  <Box component="span" sx={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}>
                    {` – ${translate(isDone ? 'dash.setup.isDone' : 'dash.setup.isOpen')}`}
                  </Box>
                </Typography>
                {!isDone && (
                  <Typography variant="caption" color="text.secondary" component="div">
                    {translate(`dash.setup.${key}Why`)}
                  </Typography>
                )}
              </Box>
              {!isDone && (
                <Button component={Link} to={to} size="small" variant={key === next ? 'contained' : 'text'} sx={{ flexShrink: 0 }}>
                  {translate('dash.setup.go')}
                </Button>
              )}
            </Box>
          ))}
        </Box>
      </Panel>
    </Box>
  );
};

export default SetupSteps;
