import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../api/session-context';
import { StageChip } from '../common/badges';
import { DefinitionLink } from '../definitions/definition-link';
import { useReport, type Funnel, type FunnelStage, type Scope } from './api';
import { MiniTable } from './mini-table';
import { CountedNumber, FilteredNumber } from './number-link';
import { useScopeFilter } from './scope-filter';
import { useSpanWords } from './span-words';
import { WidgetBody } from './widget-body';

/** Share of the largest stage as a bar behind the number. */
const Bar = ({ share, colour, children }: { share: number; colour: string; children: React.ReactNode }) => (
  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, justifyContent: 'flex-end' }}>
    <Box sx={{ width: { xs: 40, sm: 90 }, height: 8, borderRadius: 1, bgcolor: 'action.hover', overflow: 'hidden' }}>
      <Box sx={{ width: `${Math.round(share * 100)}%`, minWidth: share > 0 ? 2 : 0, height: '100%', bgcolor: colour, opacity: 0.8 }} />
    </Box>
    <Box sx={{ minWidth: 36, textAlign: 'right', fontWeight: 600 }}>{children}</Box>
  </Box>
);

/** Each stage: who stands there, what came in and what left it which way, and how long it took. */
export const FunnelWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const { stages } = useMeta();
  const query = useReport<Funnel>('funnel', scope);
  const words = useSpanWords();
  const own = useScopeFilter(scope.who);
  const colour = new Map(stages.map((stage) => [stage.key, stage.color ?? 'primary.main']));
  const counted = (stage: FunnelStage, value: number, metric: string, label: string, direction?: string) => (
    <CountedNumber value={value} metric={metric} scope={scope} more={{ stage: stage.key, direction }} label={label} />
  );
  const label = (key: string): string => translate(`dash.funnel.${key}`);
  return (
    <WidgetBody query={query} height={320}>
      {(funnel) => {
        const most = Math.max(1, ...funnel.stages.map((stage) => stage.now));
        return (
          <>
            <MiniTable
              rows={funnel.stages}
              keyOf={(stage) => stage.key}
              columns={[
                {
                  key: 'stage',
                  label: label('stage'),
                  render: (stage) => (
                    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5 }}>
                      <StageChip stage={stage.key} />
                      <DefinitionLink stage={stage.key} />
                      {stage.late !== undefined && stage.late > 0 && (
                        <Box component="span" sx={{ color: 'error.main', fontSize: 12, ml: 0.5 }}>
                          <FilteredNumber
                            value={stage.late}
                            filter={{ stage_in: [stage.key], stageEnteredAt_lt: stage.lateSince, ...own }}
                            label={label('late')}
                          />{' '}
                          {label('late')}
                        </Box>
                      )}
                    </Box>
                  ),
                },
                {
                  key: 'now',
                  label: label('now'),
                  align: 'right',
                  render: (stage) => (
                    <Bar share={stage.now / most} colour={colour.get(stage.key) ?? 'primary.main'}>
                      <FilteredNumber value={stage.now} filter={{ stage_in: [stage.key], ...own }} label={label('now')} />
                    </Bar>
                  ),
                },
                {
                  key: 'entered',
                  label: label('entered'),
                  align: 'right',
                  render: (stage) => counted(stage, stage.entered, 'entered', label('entered')),
                },
                {
                  key: 'forward',
                  label: label('forward'),
                  align: 'right',
                  wideOnly: true,
                  render: (stage) => counted(stage, stage.forward, 'left', label('forward'), 'forward'),
                },
                {
                  key: 'back',
                  label: label('back'),
                  align: 'right',
                  wideOnly: true,
                  render: (stage) => (
                    <Box component="span" sx={{ color: stage.back > 0 ? 'warning.main' : undefined }}>
                      {counted(stage, stage.back, 'left', label('back'), 'back')}
                    </Box>
                  ),
                },
                {
                  key: 'lost',
                  label: label('lost'),
                  align: 'right',
                  wideOnly: true,
                  render: (stage) => counted(stage, stage.lost, 'left', label('lost'), 'lost'),
                },
                {
                  key: 'rate',
                  label: label('rate'),
                  hint: label('rateHint'),
                  align: 'right',
                  render: (stage) => (stage.rate === null ? '–' : `${Math.round(stage.rate * 100)} %`),
                },
                {
                  key: 'median',
                  label: label('median'),
                  hint: label('medianHint'),
                  align: 'right',
                  render: (stage) => words(stage.medianSeconds),
                },
              ]}
            />
            <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1 }}>
              <DefinitionLink all />
            </Typography>
          </>
        );
      }}
    </WidgetBody>
  );
};
