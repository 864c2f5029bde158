import type { BacktestResult } from '@leadsea/lead-grading/contracts/study';
import { Alert, Box, Button, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { GradeBadge } from '../../common/badges';
import { Panel } from '../../common/panel';
import { useLocaleCode, useText } from '../../common/text';
import { showNumber } from '../../common/values';
import { Chart, useChartBase } from './chart';
import { StudyFrame } from './frame';
import { AucFigure, Figure, Figures, Leaks, Numbers, percent, TwoColumns } from './parts';

const LETTERS = ['A', 'B', 'C', 'D'];

const DecileChart = ({ deciles, base }: { deciles: BacktestResult['deciles']; base: number }) => {
  const translate = useTranslate();
  const { axis, grid, nameStyle, theme, tooltip } = useChartBase();
  const option = useMemo(
    () => ({
      grid: { ...grid, right: 60 },
      tooltip: { ...tooltip, valueFormatter: (value: unknown) => `${String(value)}%` },
      xAxis: {
        type: 'category',
        data: deciles.map((part) => String(part.decile)),
        name: translate('setup.lab.decileAxis'),
        nameGap: 28,
        ...axis,
        ...nameStyle,
      },
      yAxis: { type: 'value', axisLabel: { ...axis.axisLabel, formatter: '{value}%' }, splitLine: axis.splitLine },
      series: [
        {
          type: 'bar',
          name: translate('setup.lab.winRate'),
          barMaxWidth: 36,
          data: deciles.map((part) => Math.round(part.rate * 1000) / 10),
          itemStyle: { borderRadius: [3, 3, 0, 0] },
          markLine: {
            silent: true,
            symbol: 'none',
            label: { formatter: translate('setup.lab.average'), position: 'end', color: theme.palette.text.secondary },
            lineStyle: { color: theme.palette.secondary.main, type: 'dashed' },
            data: [{ yAxis: Math.round(base * 1000) / 10 }],
          },
        },
      ],
    }),
    [axis, base, deciles, grid, nameStyle, theme, tooltip, translate],
  );
  return <Chart option={option} label={translate('setup.lab.deciles')} />;
};

const ThresholdChart = ({ rows }: { rows: BacktestResult['thresholds'] }) => {
  const translate = useTranslate();
  const { axis, grid, legend, nameStyle, tooltip } = useChartBase();
  const option = useMemo(() => {
    const line = (name: string, of: (row: (typeof rows)[number]) => number, dashed = false) => ({
      type: 'line',
      name: translate(`setup.lab.${name}`),
      showSymbol: false,
      ...(dashed ? { lineStyle: { type: 'dashed' } } : {}),
      data: rows.map((row) => [row.score, Math.round(of(row) * 1000) / 10]),
    });
    return {
      grid,
      legend,
      tooltip: { ...tooltip, valueFormatter: (value: unknown) => `${String(value)}%` },
      xAxis: {
        type: 'value',
        min: 'dataMin',
        max: 'dataMax',
        name: translate('setup.lab.thresholdAxis'),
        nameGap: 28,
        ...axis,
        ...nameStyle,
      },
      yAxis: { type: 'value', max: 100, axisLabel: { ...axis.axisLabel, formatter: '{value}%' }, splitLine: axis.splitLine },
      series: [line('precision', (row) => row.precision), line('volume', (row) => row.volume), line('recall', (row) => row.recall, true)],
    };
  }, [axis, grid, legend, nameStyle, rows, tooltip, translate]);
  return <Chart option={option} label={translate('setup.lab.thresholds')} />;
};

/** The threshold history speaks for, with how sure that is. */
const Proposal = ({ proposal }: { proposal: NonNullable<BacktestResult['proposal']> }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { basis, few, high, leads, low, perWeek, precision, recall, score } = proposal;
  return (
    <Box sx={{ mt: 1 }}>
      <Typography variant="body2">
        <b>{translate(`setup.lab.proposal.${basis}`, { score })}</b>{' '}
        {translate('setup.lab.proposal.rate', {
          rate: percent(precision),
          low: percent(low),
          high: percent(high),
          recall: percent(recall),
          leads: showNumber(leads, locale),
        })}{' '}
        {perWeek !== null && translate('setup.lab.proposal.perWeek', { leads: showNumber(Math.round(perWeek * 10) / 10, locale) })}
      </Typography>
      {few && (
        <Typography variant="body2" color="warning.main">
          {translate('setup.lab.proposal.few')}
        </Typography>
      )}
    </Box>
  );
};

const Migration = ({ result }: { result: BacktestResult }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const of = (before: string, after: string) => result.migration.find((move) => move.before === before && move.after === after);
  return (
    <Panel title={translate('setup.lab.migration')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {translate('setup.lab.migrationHint', { name: result.live?.name ?? '' })}
      </Typography>
      <Numbers
        label={translate('setup.lab.migration')}
        head={[translate('setup.lab.liveToDraft'), ...LETTERS]}
        rows={LETTERS.map((before) => [
          <GradeBadge key={before} grade={before} size={20} />,
          ...LETTERS.map((after) => {
            const move = of(before, after);
            return move ? `${showNumber(move.leads, locale)} · ${percent(move.won / move.leads)}` : '–';
          }),
        ])}
      />
    </Panel>
  );
};

const Forecast = ({ forecast }: { forecast: NonNullable<BacktestResult['forecast']> }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const text = useText();
  const { mqlPerWeek, quotaPerWeek } = forecast;
  return (
    <Panel title={translate('setup.lab.forecast')}>
      <Typography variant="body2">
        {translate('setup.lab.forecastWords', {
          leads: showNumber(Math.round(forecast.leadsPerWeek * 10) / 10, locale),
          share: percent(forecast.share),
          mql: showNumber(Math.round(mqlPerWeek * 10) / 10, locale),
        })}
      </Typography>
      <Typography
        variant="body2"
        color={quotaPerWeek !== null && mqlPerWeek < quotaPerWeek ? 'warning.main' : 'text.secondary'}
        sx={{ mt: 0.5 }}
      >
        {quotaPerWeek === null
          ? translate('setup.lab.noQuota')
          : translate('setup.lab.quota', {
              quota: showNumber(Math.round(quotaPerWeek * 10) / 10, locale),
              contract: text(forecast.contract),
            })}
      </Typography>
    </Panel>
  );
};

const Bands = ({ rows, title, word }: { rows: BacktestResult['grades']; title: string; word: (band: string) => string }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  return (
    <Panel title={title}>
      <Numbers
        label={title}
        head={['', translate('setup.lab.leads'), translate('setup.lab.won'), translate('setup.lab.winRate')]}
        rows={rows.map((row) => [word(row.band), showNumber(row.leads, locale), showNumber(row.won, locale), percent(row.rate, 1)])}
      />
    </Panel>
  );
};

const Answer = ({ result }: { result: BacktestResult }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { won, lost } = result.decided;
  const base = won / Math.max(1, won + lost);
  return (
    <>
      <Figures>
        <AucFigure label={translate('setup.lab.aucDraft')} auc={result.model} />
        <AucFigure
          label={result.live ? translate('setup.lab.aucLive', { version: result.live.version }) : translate('setup.lab.aucNoLive')}
          auc={result.live}
        />
        <Figure
          label={translate('setup.lab.decided')}
          value={showNumber(won + lost, locale)}
          detail={translate('setup.lab.wonLost', { won: showNumber(won, locale), lost: showNumber(lost, locale), rate: percent(base) })}
        />
        <Figure
          label={translate('setup.lab.topTenth')}
          value={percent(result.deciles[0]?.rate ?? 0)}
          detail={translate('setup.lab.lift', { lift: base > 0 ? ((result.deciles[0]?.rate ?? 0) / base).toFixed(1) : '–' })}
        />
      </Figures>
      <TwoColumns>
        <Panel title={translate('setup.lab.deciles')}>
          <DecileChart deciles={result.deciles} base={base} />
        </Panel>
        <Panel title={translate('setup.lab.thresholds')}>
          <ThresholdChart rows={result.thresholds} />
          {result.proposal && <Proposal proposal={result.proposal} />}
        </Panel>
        <Bands rows={result.grades} title={translate('setup.lab.byGrade')} word={(band) => band} />
        <Box sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
          <Bands
            rows={result.labels}
            title={translate('setup.lab.byLabel')}
            word={(band) => translate(`setup.grading.heat.${band}`, { _: band })}
          />
          {result.live && <Migration result={result} />}
          {result.forecast && <Forecast forecast={result.forecast} />}
        </Box>
      </TwoColumns>
      <Leaks leaks={result.leaks} />
    </>
  );
};

/** The saved draft over the leads whose outcome is known. */
export const BacktestTab = ({ policy }: { policy: number }) => {
  const translate = useTranslate();
  return (
    <StudyFrame<BacktestResult>
      policy={policy}
      kind="backtest"
      words="backtest"
      render={(study, again) => {
        const { result } = study;
        if (!result) return null;
        if (study.status === 'refused')
          return (
            <>
              <Alert
                severity="error"
                action={
                  <Button color="inherit" onClick={() => again({ insist: true })}>
                    {translate('setup.lab.insist')}
                  </Button>
                }
              >
                {translate('setup.lab.refused')}
              </Alert>
              <Leaks leaks={result.leaks} />
            </>
          );
        if (result.graded === 0) return <Alert severity="info">{translate('setup.lab.nothingDecided')}</Alert>;
        return <Answer result={result} />;
      }}
    />
  );
};
