import { Alert, Box, Skeleton, Tab, Tabs, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useGetOne, useTranslate } from 'ra-core';
import { useRef, useState, type ReactNode } from 'react';
import { useParams } from 'react-router-dom';
import { useAccess, useMe } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { useDocumentTitle } from '../../common/page';
import { Panel } from '../../common/panel';
import { useShortcuts } from '../../common/shortcuts';
import { LeadDeals } from '../../opportunities/deals-panel';
import { LogForm } from '../log-form';
import { AccountSuggestionBar } from '../../routing/account-match';
import { AgreementPanel } from '../../sla/agreement-panel';
import { ConsentPanel } from '../consents/consent-panel';
import { ClocksPanel } from './clocks-panel';
import { ContactPanel } from './contact-panel';
import { DetailsPanel } from './details-panel';
import { HoldingPanel } from './holding-panel';
import { LeadHeader } from './lead-header';
import { ScorePanel } from './score-panel';
import { Timeline } from './timeline';
import { OwnOffer } from './why';

const HeaderSkeleton = () => (
  <Box
    sx={{
      px: 3,
      py: 1.5,
      height: 77,
      bgcolor: 'background.paper',
      borderBottom: 1,
      borderColor: 'divider',
      display: 'flex',
      gap: 2,
      alignItems: 'center',
    }}
  >
    <Skeleton variant="rounded" width={46} height={34} />
    <Box>
      <Skeleton width={200} height={28} />
      <Skeleton width={280} />
    </Box>
  </Box>
);

const Column = ({ area, children }: { area?: string; children: ReactNode }) => (
  <Box sx={{ gridArea: area, display: 'grid', gap: 2, alignContent: 'start', gridTemplateColumns: 'minmax(0, 1fr)' }}>{children}</Box>
);

/** Three columns where the middle one has room to write in; else what is known of the lead goes down one side. */
const COLUMNS = {
  display: 'grid',
  gap: 2,
  gridTemplate: '"contact activity" auto "overview activity" auto "details activity" 1fr / minmax(260px, 320px) minmax(0, 1fr)',
  '@container (min-width: 1100px)': {
    gridTemplate: '"contact activity overview" auto "details activity overview" 1fr / 340px minmax(0, 1fr) 320px',
  },
} as const;

const TABS = ['activity', 'overview', 'details'] as const;

const Body = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('md'));
  const [tab, setTab] = useState<(typeof TABS)[number]>('activity');
  const [log, setLog] = useState({ kind: 'call', focus: 0 });
  const logBox = useRef<HTMLDivElement>(null);
  const erased = lead.quarantine === 'erased';
  const canLog = !erased && access.can('log', 'leads', lead);
  const startLog = (kind: string): void => {
    setTab('activity');
    setLog((current) => ({ kind, focus: current.focus + 1 }));
    logBox.current?.scrollIntoView({ block: 'nearest' });
  };
  useShortcuts(
    [
      { key: 'c', label: 'shortcuts.call', run: () => startLog('call') },
      { key: 'm', label: 'shortcuts.mail', run: () => startLog('mail') },
      { key: 'n', label: 'shortcuts.note', run: () => startLog('note') },
    ],
    canLog,
  );
  const activity = (
    <>
      {erased && <Alert severity="info">{translate('erasure.banner')}</Alert>}
      {canLog && (
        <Box ref={logBox}>
          <Panel title={translate('log.title')}>
            <LogForm key={`${lead.id}-${log.focus}`} leadId={lead.id} initialKind={log.kind} autoFocus={log.focus > 0} />
          </Panel>
        </Box>
      )}
      <Panel title={translate('timeline.title')} minHeight={200}>
        <Timeline leadId={lead.id} />
      </Panel>
    </>
  );
  const contact = <ContactPanel lead={lead} onLog={startLog} />;
  const overview = (
    <>
      <LeadDeals lead={lead} />
      {access.can('read', 'sla-clocks') && <ClocksPanel leadId={lead.id} />}
      {access.can('read', 'sla-clocks') && <AgreementPanel lead={lead} />}
      <ScorePanel lead={lead} />
      <AccountSuggestionBar lead={lead} />
      <HoldingPanel lead={lead} />
    </>
  );
  if (!isSmall) {
    return (
      <Box sx={{ p: 3, containerType: 'inline-size' }}>
        <Box sx={COLUMNS}>
          <Column area="contact">{contact}</Column>
          <Column area="activity">{activity}</Column>
          <Column area="overview">{overview}</Column>
          <Column area="details">
            <ConsentPanel lead={lead} />
            <DetailsPanel lead={lead} />
          </Column>
        </Box>
      </Box>
    );
  }
  return (
    <Box sx={{ pb: 3 }}>
      <Box sx={{ p: 2, pb: 0 }}>{contact}</Box>
      <Tabs value={tab} onChange={(_event, value: (typeof TABS)[number]) => setTab(value)} variant="fullWidth" sx={{ my: 1 }}>
        {TABS.map((key) => (
          <Tab key={key} value={key} label={translate(`leadPage.tab.${key}`)} />
        ))}
      </Tabs>
      <Box sx={{ px: 2 }}>
        <Column>
          {tab === 'activity' && activity}
          {tab === 'overview' && overview}
          {tab === 'details' && <ConsentPanel lead={lead} />}
          {tab === 'details' && <DetailsPanel lead={lead} />}
        </Column>
      </Box>
    </Box>
  );
};

const LeadPage = () => {
  const { id } = useParams();
  const me = useMe().member;
  const { data, error, refetch } = useGetOne<Lead>('leads', { id: Number(id) });
  useDocumentTitle(data?.name ?? '');
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <HeaderSkeleton />;
  return (
    <Box>
      <LeadHeader lead={data} />
      {data.owner === me.id && <OwnOffer lead={data} />}
      <Body key={data.id} lead={data} />
    </Box>
  );
};

export default LeadPage;
