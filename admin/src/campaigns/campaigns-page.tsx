import AddIcon from '@mui/icons-material/Add';
import MegaphoneIcon from '@mui/icons-material/CampaignOutlined';
import { Box, Button, LinearProgress, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useGetList, useTranslate } from 'ra-core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router-dom';
import { getJson } from '../api/http-client';
import { useAccess } from '../api/session-context';
import { ToneChip } from '../common/badges';
import { EmptyState } from '../common/empty-state';
import { PageHeader } from '../common/page';
import { Panel } from '../common/panel';
import { useLocaleCode } from '../common/text';
import { useTime } from '../common/time';
import { showMoney, showNumber } from '../common/values';
import { CountedLink } from '../definitions/definition-link';
import { FilteredNumber } from '../dashboards/number-link';
import { RecordTable } from '../setup/kit/record-table';
import { CampaignDialog } from './campaign-dialog';
import type { Campaign, Unassigned } from './types';

const TONES = { planned: 'info', running: 'success', ended: 'neutral' } as const;

const Money = ({ value, currency, of }: { value: number | string | null; currency: string | null; of?: string }) => {
  const locale = useLocaleCode();
  if (value === null || value === '') return null;
  return (
    <Box sx={{ whiteSpace: 'nowrap', fontSize: of ? 12 : undefined, color: of ? 'text.secondary' : undefined }}>
      {showMoney(value, currency, locale)} {of}
    </Box>
  );
};

/** What was spent of what was planned. */
const Spent = ({ campaign }: { campaign: Campaign }) => {
  const translate = useTranslate();
  const budget = Number(campaign.budget ?? 0);
  const percent = budget > 0 ? Math.round((Number(campaign.cost ?? 0) / budget) * 100) : null;
  return (
    <Box sx={{ minWidth: 96 }}>
      <Money value={campaign.cost} currency={campaign.currency} />
      {percent !== null && (
        <>
          <LinearProgress
            variant="determinate"
            value={Math.min(100, percent)}
            color={percent > 100 ? 'error' : 'primary'}
            aria-label={translate('campaign.spent', { percent })}
            sx={{ mt: 0.5 }}
          />
          <Box sx={{ fontSize: 12, color: percent > 100 ? 'error.main' : 'text.secondary' }}>
            {translate('campaign.spent', { percent })}
          </Box>
        </>
      )}
    </Box>
  );
};

/** A number of results with what one of them cost; it opens its leads. */
const Result = ({ campaign, what }: { campaign: Campaign; what: 'leads' | 'qualified' | 'won' }) => {
  const translate = useTranslate();
  const { results, currency } = campaign;
  const per = { leads: results.perLead, qualified: results.perQualified, won: results.perWon }[what];
  const stages = { leads: null, qualified: results.qualifiedStages, won: results.wonStages }[what];
  const filter = { campaign_in: results.spellings, isTest: false, ...(stages ? { stage_in: stages } : {}) };
  return (
    <Box onClick={(event) => event.stopPropagation()}>
      <FilteredNumber value={results[what]} filter={filter} label={`${campaign.name}, ${translate(`campaign.${what}`)}`} />
      <Money
        value={per}
        currency={currency}
        of={translate({ leads: 'campaign.perLead', qualified: 'campaign.perQualified', won: 'campaign.perWon' }[what])}
      />
    </Box>
  );
};

/** Leads nobody planned for: shown, not forgotten. */
const Others = ({ adopt }: { adopt: (key: string) => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const { data } = useQuery({
    queryKey: ['campaigns', 'unassigned'],
    queryFn: ({ signal }) => getJson<Unassigned>('/campaigns/unassigned', signal),
  });
  if (!data || (data.none === 0 && data.unknown.length === 0)) return null;
  return (
    <Box sx={{ mt: 2, display: 'grid', gap: 2, gridTemplateColumns: { md: '280px minmax(0,1fr)' }, alignItems: 'start' }}>
      <Panel title={translate('campaign.without')}>
        <Box sx={{ fontSize: 22, fontWeight: 650 }}>
          <FilteredNumber value={data.none} filter={{ campaign_null: true }} label={translate('campaign.without')} />
        </Box>
      </Panel>
      {data.unknown.length > 0 && (
        <Panel title={translate('campaign.unknown')}>
          {data.unknown.map(({ key, leads }) => (
            <Box key={key} sx={{ display: 'flex', alignItems: 'center', gap: 1.5, minHeight: 36 }}>
              <Box sx={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>{key}</Box>
              <FilteredNumber value={leads} filter={{ campaign: key }} label={key} />
              {access.can('create', 'campaigns') && (
                <Button size="small" onClick={() => adopt(key)}>
                  {translate('campaign.adopt')}
                </Button>
              )}
            </Box>
          ))}
        </Panel>
      )}
    </Box>
  );
};

/** All campaigns with their time, cost and results. */
const CampaignsPage = () => {
  const translate = useTranslate();
  const access = useAccess();
  const navigate = useNavigate();
  const time = useTime();
  const locale = useLocaleCode();
  const asked = Number(useParams().id ?? 0);
  const [adding, setAdding] = useState<string | null>(null);
  const { data, error, refetch } = useGetList<Campaign>('campaigns', {
    pagination: { page: 1, perPage: 200 },
    sort: { field: 'id', order: 'DESC' },
    filter: {},
  });
  const editing = data?.find(({ id }) => id === asked) ?? null;
  const close = (): void => {
    setAdding(null);
    if (asked) navigate('/campaigns', { replace: true });
  };
  const add = access.can('create', 'campaigns') && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding('')}>
      {translate('campaign.add')}
    </Button>
  );
  const when = (day: string | null): string => (day ? time.date(day) : '…');
  return (
    <>
      <PageHeader
        title={translate('campaign.title')}
        info={<CountedLink of="campaigns" name={translate('campaign.title')} />}
        actions={add}
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1280 }}>
        <Typography variant="body2" color="text.secondary" sx={{ mb: 2, maxWidth: 720 }}>
          {translate('campaign.intro')}
        </Typography>
        <RecordTable
          rows={data}
          error={error}
          retry={() => void refetch()}
          open={(campaign) => navigate(`/campaigns/${campaign.id}`)}
          empty={
            <EmptyState
              icon={<MegaphoneIcon />}
              title={translate('campaign.empty')}
              hint={translate('campaign.emptyHint')}
              action={add || undefined}
            />
          }
          columns={[
            {
              key: 'name',
              words: 'campaign.name',
              render: (campaign) => (
                <Box sx={{ py: 0.75 }}>
                  <b>{campaign.name}</b>
                  <Box sx={{ color: 'text.secondary', fontSize: 12 }}>{[campaign.key, campaign.channel].filter(Boolean).join(' · ')}</Box>
                </Box>
              ),
            },
            {
              key: 'state',
              words: 'campaign.state',
              wideOnly: true,
              render: (campaign) => (
                <Box>
                  <ToneChip tone={TONES[campaign.state]} text={translate(`campaign.states.${campaign.state}`)} />
                  {(campaign.startsOn ?? campaign.endsOn) && (
                    <Box sx={{ fontSize: 12, color: 'text.secondary', whiteSpace: 'nowrap' }}>
                      {when(campaign.startsOn)} – {when(campaign.endsOn)}
                    </Box>
                  )}
                </Box>
              ),
            },
            { key: 'cost', words: 'campaign.cost', wideOnly: true, render: (campaign) => <Spent campaign={campaign} /> },
            { key: 'leads', words: 'campaign.leads', render: (campaign) => <Result campaign={campaign} what="leads" /> },
            { key: 'qualified', words: 'campaign.qualified', render: (campaign) => <Result campaign={campaign} what="qualified" /> },
            { key: 'won', words: 'campaign.won', render: (campaign) => <Result campaign={campaign} what="won" /> },
            {
              key: 'revenue',
              words: 'campaign.revenue',
              wideOnly: true,
              render: ({ results, currency }) =>
                results.revenue > 0 ? showMoney(results.revenue, currency, locale) : showNumber(0, locale),
            },
          ]}
        />
        {data && <Others adopt={setAdding} />}
      </Box>
      {(adding !== null || editing) && (
        <CampaignDialog key={editing?.id ?? adding} campaign={editing} startKey={adding ?? ''} close={close} />
      )}
    </>
  );
};

export default CampaignsPage;
