import type { SuggestResult } from '@leadsea/lead-grading/contracts/study';
import { Alert, Box, Button, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { API, httpClient } from '../../api/http-client';
import { Panel } from '../../common/panel';
import { useLocaleCode, useText } from '../../common/text';
import { showNumber } from '../../common/values';
import { Points } from '../grading/rule-words';
import { Chart, useChartBase } from './chart';
import { StudyFrame } from './frame';
import { AucFigure, Figure, Figures, Leaks, Numbers, percent, TwoColumns } from './parts';

const SHOWN = 20;

const CalibrationChart = ({ rows }: { rows: SuggestResult['calibration'] }) => {
  const translate = useTranslate();
  const { axis, grid, nameStyle, theme, tooltip } = useChartBase();
  const option = useMemo(() => {
    const tenth = (share: number): number => Math.round(share * 1000) / 10;
    const percentAxis = {
      type: 'value',
      min: 0,
      max: 100,
      axisLabel: { ...axis.axisLabel, formatter: '{value}%' },
      splitLine: axis.splitLine,
      ...nameStyle,
    };
    return {
      grid,
      tooltip: { ...tooltip, trigger: 'item' },
      xAxis: { ...percentAxis, name: translate('setup.lab.predicted'), nameGap: 28 },
      yAxis: { ...percentAxis, name: translate('setup.lab.actual'), nameGap: 40 },
      series: [
        {
          type: 'line',
          showSymbol: false,
          silent: true,
          data: [
            [0, 0],
            [100, 100],
          ],
          lineStyle: { color: theme.palette.text.disabled, type: 'dashed', width: 1 },
        },
        { type: 'line', symbolSize: 9, symbol: 'circle', data: rows.map((row) => [tenth(row.predicted), tenth(row.actual)]) },
      ],
    };
  }, [axis, grid, nameStyle, rows, theme, tooltip, translate]);
  return <Chart option={option} label={translate('setup.lab.calibration')} height={280} />;
};

const AucBars = ({ aucs }: { aucs: NonNullable<SuggestResult['aucs']> }) => {
  const translate = useTranslate();
  const { axis, tooltip } = useChartBase();
  const option = useMemo(() => {
    const names = (['live', 'draft', 'regression', 'suggested'] as const).filter((name) => aucs[name] !== null);
    return {
      grid: { left: 130, right: 40, top: 8, bottom: 28 },
      tooltip: { ...tooltip, trigger: 'item' },
      xAxis: { type: 'value', min: 0.5, max: 1, ...axis },
      yAxis: { type: 'category', data: names.map((name) => translate(`setup.lab.who.${name}`)), ...axis, splitLine: { show: false } },
      series: [
        {
          type: 'bar',
          barMaxWidth: 22,
          data: names.map((name) => Math.round((aucs[name]?.auc ?? 0) * 1000) / 1000),
          label: { show: true, position: 'right', formatter: '{c}' },
          itemStyle: { borderRadius: [0, 3, 3, 0] },
        },
      ],
    };
  }, [aucs, axis, tooltip, translate]);
  return <Chart option={option} label={translate('setup.lab.comparison')} height={190} />;
};

const Reasons = ({ reasons }: { reasons: SuggestResult['reasons'] }) => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const [all, setAll] = useState(false);
  const shown = all ? reasons : reasons.slice(0, SHOWN);
  return (
    <Panel title={translate('setup.lab.reasons')}>
      <Numbers
        label={translate('setup.lab.reasons')}
        head={[
          translate('setup.lab.reason'),
          translate('setup.grading.points'),
          translate('setup.lab.leads'),
          translate('setup.lab.winRate'),
        ]}
        rows={shown.map((reason) => [
          <Box key="reason" sx={{ overflowWrap: 'anywhere', minWidth: 140 }}>
            {text(reason.label)}{' '}
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {reason.level ? text(reason.level) : translate('setup.lab.filled')}
            </Box>
          </Box>,
          <Points key="points" value={reason.points} />,
          showNumber(reason.leads, locale),
          percent(reason.rate),
        ])}
      />
      {reasons.length > SHOWN && !all && (
        <Button color="inherit" onClick={() => setAll(true)} sx={{ mt: 1 }}>
          {translate('setup.lab.showAll', { count: reasons.length })}
        </Button>
      )}
    </Panel>
  );
};

const Take = ({ policy, body }: { policy: number; body: NonNullable<SuggestResult['body']> }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    setBusy(true);
    try {
      await httpClient<unknown>(`${API}/grading-models/${policy}`, { method: 'PUT', body: JSON.stringify({ draft: body }) });
      await client.invalidateQueries({ queryKey: ['policy', 'grading-models'] });
      notify('setup.lab.taken', { type: 'success' });
      void navigate(`/setup/grading/${policy}`);
    } catch (error) {
      notify(refusal(error), { type: 'error' });
      setBusy(false);
    }
  };
  return (
    <Alert
      severity="info"
      action={
        <Button variant="contained" disabled={busy} onClick={() => void take()} sx={{ whiteSpace: 'nowrap' }}>
          {translate('setup.lab.take')}
        </Button>
      }
      sx={{ alignItems: 'center' }}
    >
      {translate('setup.lab.takeHint')}
    </Alert>
  );
};

const Answer = ({ policy, result }: { policy: number; result: SuggestResult }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const text = useText();
  if (!result.body || !result.aucs)
    return (
      <>
        <Alert severity="info">{text(result.why)}</Alert>
        {result.leaks.length > 0 && <Leaks leaks={result.leaks} />}
      </>
    );
  return (
    <>
      <Take policy={policy} body={result.body} />
      <Figures>
        <AucFigure label={translate('setup.lab.who.suggested')} auc={result.aucs.suggested} />
        <AucFigure label={translate('setup.lab.who.draft')} auc={result.aucs.draft} />
        <Figure
          label={translate('setup.lab.learntFrom')}
          value={showNumber(result.train?.leads ?? 0, locale)}
          detail={translate('setup.lab.olderLeads', { won: showNumber(result.train?.won ?? 0, locale) })}
        />
        <Figure
          label={translate('setup.lab.measuredOn')}
          value={showNumber(result.holdout?.leads ?? 0, locale)}
          detail={translate('setup.lab.newerLeads', { won: showNumber(result.holdout?.won ?? 0, locale) })}
        />
      </Figures>
      <TwoColumns>
        <Panel title={translate('setup.lab.comparison')}>
          <Typography variant="body2" color="text.secondary" sx={{ mb: 1 }}>
            {translate('setup.lab.comparisonHint')}
          </Typography>
          <AucBars aucs={result.aucs} />
        </Panel>
        <Panel title={translate('setup.lab.calibration')}>
          <CalibrationChart rows={result.calibration} />
        </Panel>
      </TwoColumns>
      <Reasons reasons={result.reasons} />
      <Leaks leaks={result.leaks} />
    </>
  );
};

/** Points learnt from history, for a person to look at, edit and publish. */
export const SuggestTab = ({ policy }: { policy: number }) => (
  <StudyFrame<SuggestResult>
    policy={policy}
    kind="suggest"
    words="suggest"
    render={(study) => study.result && <Answer policy={policy} result={study.result} />}
  />
);
