import DashboardIcon from '@mui/icons-material/SpaceDashboardOutlined';
import TuneIcon from '@mui/icons-material/Tune';
import { Box, Button, MenuItem, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { useTranslate } from 'ra-core';
import { lazy, Suspense, useState } from 'react';
import { useAccess, useMe } from '../api/session-context';
import { EmptyState } from '../common/empty-state';
import { PageHeader } from '../common/page';
import { Panel } from '../common/panel';
import { usePreference } from '../common/use-preference';
import { CountedLink } from '../definitions/definition-link';
import type { Scope, Who } from './api';
import { defaultLayout, visibleWidgets, type Placed } from './widgets';

const Customise = lazy(() => import('./customise'));
const SetupSteps = lazy(() => import('./setup-steps'));
const SPANS = [7, 30, 90, 365] as const;
const REPS = new Set(['sales', 'sdr']);

const defaultScope = (roles: readonly string[]): Scope => ({
  who: roles.every((role) => REPS.has(role)) ? 'me' : roles.includes('sales-manager') && !roles.includes('crm-admin') ? 'team' : 'all',
  days: 30,
});

const ScopeBar = ({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) => {
  const translate = useTranslate();
  const { member } = useMe();
  const choices: Who[] = member.teamId === null ? ['me', 'all'] : ['me', 'team', 'all'];
  return (
    <>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={scope.who}
        onChange={(_event, who: Who | null) => who && onChange({ ...scope, who })}
        aria-label={translate('dash.who.label')}
      >
        {choices.map((who) => (
          <ToggleButton key={who} value={who} sx={{ px: 1.5, height: 34, textTransform: 'none' }}>
            {translate(`dash.who.${who}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <TextField
        select
        size="small"
        value={scope.days}
        onChange={(event) => onChange({ ...scope, days: Number(event.target.value) })}
        slotProps={{ htmlInput: { 'aria-label': translate('dash.span.label') } }}
        sx={{ minWidth: 104 }}
      >
        {SPANS.map((days) => (
          <MenuItem key={days} value={days}>
            {translate(`dash.span.${days}`)}
          </MenuItem>
        ))}
      </TextField>
    </>
  );
};

/** Home: the numbers a member chose, over his own leads, his team's or all he may see. */
const HomePage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const { member } = useMe();
  const [scope, setScope] = usePreference<Scope>('dashboardScope', defaultScope(member.roles));
  const [layout, setLayout] = usePreference<Placed[]>('dashboard', defaultLayout(member.roles));
  const [choosing, setChoosing] = useState(false);
  const shown = visibleWidgets(layout, access);
  return (
    <>
      <PageHeader
        title={translate('dash.greeting', { name: member.name })}
        actions={
          <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', py: 0.5 }}>
            <ScopeBar scope={scope} onChange={setScope} />
            <Button
              color="inherit"
              startIcon={<TuneIcon />}
              onClick={() => setChoosing(true)}
              aria-label={translate('dash.customise')}
              sx={{ color: 'text.secondary', minWidth: 0, '& .MuiButton-startIcon': { mr: { xs: 0, sm: 1 } } }}
            >
              <Box component="span" sx={{ display: { xs: 'none', sm: 'inline' } }}>
                {translate('dash.customise')}
              </Box>
            </Button>
          </Box>
        }
      />
      {access.can('update', 'roles') && (
        <Suspense fallback={null}>
          <SetupSteps />
        </Suspense>
      )}
      {shown.length === 0 && (
        <EmptyState
          icon={<DashboardIcon />}
          title={translate('dash.nothing')}
          hint={translate('dash.nothingHint')}
          action={
            <Button variant="contained" onClick={() => setChoosing(true)}>
              {translate('dash.customise')}
            </Button>
          }
        />
      )}
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          px: { xs: 1.5, md: 3 },
          pt: 1,
          pb: 4,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
          alignItems: 'start',
        }}
      >
        {shown.map(({ key, wide, widget }) => (
          <Box key={key} sx={{ gridColumn: wide ? '1 / -1' : undefined, minWidth: 0 }}>
            <Panel title={translate(`dash.widget.${key}`)} actions={<CountedLink of={key} name={translate(`dash.widget.${key}`)} />}>
              <widget.Body scope={scope} />
            </Panel>
          </Box>
        ))}
      </Box>
      {choosing && (
        <Suspense fallback={null}>
          <Customise layout={layout} onChange={setLayout} onClose={() => setChoosing(false)} />
        </Suspense>
      )}
    </>
  );
};

export default HomePage;
