import type { CheckupResult, RuleCheckResult } from '@leadsea/lead-grading/contracts/study';
import { Alert, Box, Chip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { Panel } from '../../common/panel';
import { useLocaleCode, useText } from '../../common/text';
import { useTime } from '../../common/time';
import { showNumber } from '../../common/values';
import { Chart, useChartBase } from './chart';
import { StudyFrame } from './frame';
import { AucFigure, Figure, Figures, Leaks, Numbers, percent, TwoColumns } from './parts';

const MODERATE = 0.1;
const LARGE = 0.25;

const DriftChart = ({ drift }: { drift: CheckupResult['drift'] }) => {
  const translate = useTranslate();
  const { axis, grid, legend, nameStyle, tooltip } = useChartBase();
  const option = useMemo(() => {
    const shares = (counts: readonly number[]): number[] => {
      const all = Math.max(
        1,
        counts.reduce((sum, count) => sum + count, 0),
      );
      return counts.map((count) => Math.round((1000 * count) / all) / 10);
    };
    return {
      grid,
      legend,
      tooltip: { ...tooltip, valueFormatter: (value: unknown) => `${String(value)}%` },
      xAxis: {
        type: 'category',
        data: drift.bins.map((bin) => `${bin}+`),
        name: translate('setup.lab.score'),
        nameGap: 28,
        ...axis,
        ...nameStyle,
      },
      yAxis: { type: 'value', axisLabel: { ...axis.axisLabel, formatter: '{value}%' }, splitLine: axis.splitLine },
      series: [
        { type: 'bar', name: translate('setup.lab.before'), data: shares(drift.before) },
        { type: 'bar', name: translate('setup.lab.lately'), data: shares(drift.after) },
      ],
    };
  }, [axis, drift, grid, legend, nameStyle, tooltip, translate]);
  return <Chart option={option} label={translate('setup.lab.drift')} />;
};

const Verdicts = ({ rule }: { rule: RuleCheckResult }) => {
  const translate = useTranslate();
  return rule.verdicts.length === 0 ? (
    <Box component="span" sx={{ color: 'success.main' }}>
      {translate('setup.lab.sound')}
    </Box>
  ) : (
    <Box component="span" sx={{ display: 'inline-flex', gap: 0.5, flexWrap: 'wrap', justifyContent: 'flex-end' }}>
      {rule.verdicts.map((verdict) => (
        <Chip
          key={verdict}
          size="small"
          color={verdict === 'INVERTED' || verdict === 'LEAKING' ? 'error' : 'warning'}
          variant="outlined"
          label={translate(`setup.lab.verdict.${verdict}`)}
        />
      ))}
    </Box>
  );
};

const Rules = ({ result }: { result: CheckupResult }) => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const names = new Map(result.rules.map((rule) => [rule.key, text(rule.label)]));
  const sorted = [...result.rules].sort((a, b) => b.verdicts.length - a.verdicts.length);
  return (
    <Panel title={translate('setup.lab.rules')}>
      <Numbers
        label={translate('setup.lab.rules')}
        head={[
          translate('setup.lab.rule'),
          translate('setup.lab.found'),
          translate('setup.lab.recent'),
          translate('setup.lab.leads'),
          translate('setup.lab.rateWith'),
          translate('setup.lab.rateWithout'),
        ]}
        rows={sorted.map((rule) => [
          text(rule.label) || rule.key,
          <Verdicts key="verdicts" rule={rule} />,
          showNumber(rule.recent, locale),
          showNumber(rule.leads, locale),
          rule.leads > 0 ? percent(rule.rate) : '–',
          percent(rule.otherRate),
        ])}
      />
      {result.collinear.map((pair) => (
        <Typography key={`${pair.a} ${pair.b}`} variant="body2" color="warning.main" sx={{ mt: 1 }}>
          {translate('setup.lab.collinear', { a: names.get(pair.a) ?? pair.a, b: names.get(pair.b) ?? pair.b, phi: pair.phi.toFixed(2) })}
        </Typography>
      ))}
    </Panel>
  );
};

const Versions = ({ versions }: { versions: CheckupResult['versions'] }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const time = useTime();
  return (
    <Panel title={translate('setup.lab.versions')}>
      <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
        {translate('setup.lab.versionsHint')}
      </Typography>
      <Numbers
        label={translate('setup.lab.versions')}
        head={[
          translate('setup.lab.version'),
          translate('setup.lab.since'),
          translate('setup.lab.leads'),
          translate('setup.lab.winRate'),
          translate('setup.lab.cycleDays'),
        ]}
        rows={versions.map((version) => [
          String(version.number),
          time.date(version.from),
          showNumber(version.leads, locale),
          version.decided > 0 ? percent(version.won / version.decided) : '–',
          version.cycleDays === null ? '–' : version.cycleDays.toFixed(1),
        ])}
      />
    </Panel>
  );
};

const Answer = ({ result }: { result: CheckupResult }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const wrong = result.rules.filter((rule) => rule.verdicts.length > 0).length;
  const { index } = result.drift;
  const size = index === null ? 'unknown' : index < MODERATE ? 'small' : index < LARGE ? 'moderate' : 'large';
  return (
    <>
      <Figures>
        <Figure
          label={translate('setup.lab.rulesFound')}
          value={showNumber(wrong, locale)}
          detail={translate('setup.lab.ofRules', { count: result.rules.length })}
        />
        <AucFigure label={translate('setup.lab.aucModel')} auc={result.auc} />
        <Figure
          label={translate('setup.lab.drift')}
          value={index === null ? '–' : index.toFixed(2)}
          detail={translate(`setup.lab.driftSize.${size}`)}
        />
      </Figures>
      {result.decided.won + result.decided.lost === 0 && <Alert severity="info">{translate('setup.lab.nothingDecided')}</Alert>}
      <Rules result={result} />
      <TwoColumns>
        <Panel title={translate('setup.lab.drift')}>
          <DriftChart drift={result.drift} />
        </Panel>
        <Versions versions={result.versions} />
      </TwoColumns>
      <Leaks leaks={result.leaks} />
    </>
  );
};

/** What is wrong with the rules by what became of the leads. */
export const CheckupTab = ({ policy }: { policy: number }) => (
  <StudyFrame<CheckupResult>
    policy={policy}
    kind="checkup"
    words="checkup"
    render={(study) => study.result && <Answer result={study.result} />}
  />
);

const Feedback = ({ rows }: { rows: CheckupResult['feedback'] }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  if (rows.length === 0) return <Alert severity="info">{translate('setup.lab.noFeedback')}</Alert>;
  const number = (value: number): string => showNumber(value, locale);
  return (
    <Panel title={translate('setup.lab.feedback.tab')}>
      <Numbers
        label={translate('setup.lab.feedback.tab')}
        head={['asset', 'leads', 'opportunities', 'won', 'lost', 'winRate', 'qualified', 'notQualified'].map((name) =>
          translate(`setup.lab.${name}`),
        )}
        rows={rows.map((row) => [
          <Box key="asset" sx={{ overflowWrap: 'anywhere', minWidth: 160 }}>
            {row.asset}{' '}
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {row.kind}
            </Box>
          </Box>,
          number(row.leads),
          number(row.opportunities),
          number(row.won),
          number(row.lost),
          row.won + row.lost > 0 ? percent(row.won / (row.won + row.lost)) : '–',
          number(row.qualified),
          number(row.notQualified),
        ])}
      />
    </Panel>
  );
};

/** What became of the leads that used each page or asset. */
export const FeedbackTab = ({ policy }: { policy: number }) => (
  <StudyFrame<CheckupResult>
    policy={policy}
    kind="checkup"
    words="feedback"
    render={(study) => study.result && <Feedback rows={study.result.feedback} />}
  />
);
