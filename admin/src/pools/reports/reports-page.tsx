import { Box, Skeleton, ToggleButton, ToggleButtonGroup } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useStore, useTranslate } from 'ra-core';
import { useCallback, useMemo, useState } from 'react';
import { CountedLink } from '../../definitions/definition-link';
import { useMe, useMeta } from '../../api/session-context';
import type { LocalisedText } from '../../api/types';
import { ErrorState } from '../../common/error-state';
import { useLookups } from '../../common/lookups';
import { Panel } from '../../common/panel';
import { useLocaleCode, useText } from '../../common/text';
import { formatDuration } from '../../common/time';
import { METRICS, reports, type Metric, type Report, type ReportBy } from '../duty-api';
import { PageBody, Stat } from '../parts';
import { DaysIn, FilterIn, periodOf, usePoolChoices, type Days } from '../period';
import { RowsDialog, type Rows } from '../rows-dialog';
import { PoolsHeader } from '../tabs';
import { AgeChart } from './age-chart';
import { DayChart } from './day-chart';
import { ReportTable } from './report-table';
import { ShareChart } from './share-chart';

type Filter = Readonly<Record<string, string>>;
/** How the report names leads without a source. */
const NO_SOURCE = '-';
const BY = ['pool', 'rep', 'source', 'day'] as const;
const GRID = { display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' } } as const;

const useReport = (by: ReportBy, filter: Filter) =>
  useQuery({ queryKey: ['pools-report', by, filter], queryFn: () => reports.by(by, filter), placeholderData: keepPreviousData });

/** Names of a row: what the server says, else what the console knows by that key. */
const useRowName = (by: ReportBy) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const text = useText();
  return useCallback(
    (key: string, label: LocalisedText | string | null): string => {
      const known = {
        day: key,
        rep: lookups.member(Number(key)),
        source: key === NO_SOURCE ? translate('pools.report.noSource') : lookups.source(key),
        pool: lookups.pool(Number(key)),
      }[by];
      return text(label) || known || translate('pools.report.none');
    },
    [by, lookups, text, translate],
  );
};

const Waiting = ({ height }: { height: number }) => <Skeleton variant="rounded" height={height} />;

const Totals = ({ report, onOpen }: { report: Report; onOpen: (metric: Metric) => void }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { total } = report;
  const rate = total.claimed > 0 ? `${Math.round((total.converted / total.claimed) * 100)} %` : '–';
  return (
    <Box sx={{ display: 'grid', gap: 2, alignItems: 'start', gridTemplateColumns: 'repeat(auto-fill, minmax(132px, 1fr))' }}>
      {METRICS.map((metric) => (
        <Stat
          key={metric}
          size="large"
          value={total[metric]}
          label={translate(`pools.report.metric.${metric}`)}
          onOpen={total[metric] > 0 ? () => onOpen(metric) : undefined}
        />
      ))}
      <Stat size="large" value={rate} label={translate('pools.report.rate')} />
      <Stat
        size="large"
        value={total.waitSeconds === null ? '–' : formatDuration(total.waitSeconds, locale)}
        label={translate('pools.report.wait')}
      />
    </Box>
  );
};

/** What the pools did, from events: every number and every bar opens its leads. */
const ReportsPage = () => {
  const translate = useTranslate();
  const meta = useMeta();
  const { sources } = useLookups();
  const zone = useMe().member.timeZone;
  const pools = usePoolChoices();
  const [days, setDays] = useStore<Days>('ui.poolReportDays', 30);
  const [pool, setPool] = useState('');
  const [rep, setRep] = useState('');
  const [source, setSource] = useState('');
  const [tableBy, setTableBy] = useState<ReportBy>('pool');
  const [rows, setRows] = useState<Rows | null>(null);
  const filter = useMemo((): Filter => ({ ...periodOf(days), pool, rep, source, zone }), [days, pool, rep, source, zone]);
  const [byDay, byRep, bySource, byTable] = [
    useReport('day', filter),
    useReport('rep', filter),
    useReport('source', filter),
    useReport(tableBy, filter),
  ];
  const names = { rep: useRowName('rep'), source: useRowName('source'), table: useRowName(tableBy) };
  const open =
    (by: ReportBy) =>
    (metric: Metric, key: string, label: string): void =>
      setRows({
        title: `${translate(`pools.report.metric.${metric}`)} · ${label}`,
        key: ['report', by, metric, key, filter],
        load: () => reports.leads(by, metric, key, filter),
      });
  const openTotal = (metric: Metric): void =>
    setRows({
      title: translate(`pools.report.metric.${metric}`),
      key: ['report', 'total', metric, filter],
      load: () => reports.leads('pool', metric, '', filter),
    });
  if (byDay.error && !byDay.data) return <ErrorState error={byDay.error} retry={() => void byDay.refetch()} />;
  return (
    <>
      <PoolsHeader />
      <PageBody>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center' }}>
          <DaysIn value={days} onChange={setDays} />
          <FilterIn label={translate('fields.pool')} value={pool} choices={pools} onChange={setPool} />
          <FilterIn
            label={translate('setup.pool.whoKind.member')}
            value={rep}
            choices={meta.members.map((member) => ({ value: String(member.id), label: member.name }))}
            onChange={setRep}
          />
          <FilterIn label={translate('fields.source')} value={source} choices={sources} onChange={setSource} />
        </Box>
        <Panel title={translate('pools.report.total')} actions={<CountedLink of="poolReport" name={translate('pools.report.total')} />}>
          {byDay.data ? <Totals report={byDay.data} onOpen={openTotal} /> : <Waiting height={56} />}
        </Panel>
        <Box sx={GRID}>
          <Panel title={translate('pools.report.byDay')}>
            {byDay.data ? <DayChart report={byDay.data} onOpen={open('day')} /> : <Waiting height={280} />}
          </Panel>
          <Panel title={translate('pools.report.age')}>
            <AgeChart pool={pool} />
          </Panel>
          <Panel title={translate('pools.report.byRep')}>
            {byRep.data ? (
              <ShareChart report={byRep.data} label={translate('pools.report.byRep')} name={names.rep} onOpen={open('rep')} />
            ) : (
              <Waiting height={240} />
            )}
          </Panel>
          <Panel title={translate('pools.report.bySource')}>
            {bySource.data ? (
              <ShareChart report={bySource.data} label={translate('pools.report.bySource')} name={names.source} onOpen={open('source')} />
            ) : (
              <Waiting height={240} />
            )}
          </Panel>
        </Box>
        <Panel
          title={translate('pools.report.table')}
          actions={
            <ToggleButtonGroup exclusive size="small" value={tableBy} onChange={(_event, by: ReportBy | null) => by && setTableBy(by)}>
              {BY.map((by) => (
                <ToggleButton key={by} value={by}>
                  {translate(`pools.report.by.${by}`)}
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          }
        >
          {byTable.data ? (
            <ReportTable report={byTable.data} head={translate(`pools.report.by.${tableBy}`)} name={names.table} onOpen={open(tableBy)} />
          ) : (
            <Waiting height={200} />
          )}
        </Panel>
      </PageBody>
      <RowsDialog rows={rows} onClose={() => setRows(null)} />
    </>
  );
};

export default ReportsPage;
