import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { useReport, type Scope, type Sources } from './api';
import { MiniTable } from './mini-table';
import { FilteredNumber } from './number-link';
import { useScopeFilter } from './scope-filter';
import { WidgetBody } from './widget-body';

const SHOWN = 12;
type Line = Sources['lines'][number];

/** What came in during the period by source, and how far it has come since. */
export const SourcesWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { stages } = useMeta();
  const query = useReport<Sources>('sources', scope);
  const own = useScopeFilter(scope.who);
  const keys = (type: (stage: string) => boolean): string[] => stages.filter((stage) => type(stage.type)).map(({ key }) => key);
  const [won, lost] = [keys((type) => type === 'won'), keys((type) => type === 'lost')];
  // From the first gate on a lead counts as qualified.
  const gate = stages.findIndex((stage) => stage.type === 'gate');
  const qualified = stages
    .filter(({ type }, index) => gate >= 0 && index >= gate && (type === 'gate' || type === 'won'))
    .map(({ key }) => key);
  const sum = (line: Line, of: readonly string[]): number => of.reduce((total, key) => total + (line.stages[key] ?? 0), 0);
  const label = (key: string): string => translate(`dash.sources.${key}`);
  return (
    <WidgetBody query={query} height={240} isEmpty={(data) => data.lines.length === 0}>
      {(data) => {
        const filter = (line: Line, more: Record<string, unknown>) => ({
          ...own,
          ...(line.source === null ? { source_null: true } : { source: line.source }),
          capturedAt_gte: data.from,
          capturedAt_lt: data.to,
          ...more,
        });
        const part = (key: 'qualified' | 'won' | 'lost', of: readonly string[]) => ({
          key,
          label: label(key),
          align: 'right' as const,
          render: (line: Line) => {
            const value = sum(line, of);
            return (
              <Box component="span">
                <FilteredNumber value={value} filter={filter(line, { stage_in: of })} label={label(key)} />
                {value > 0 && (
                  <Box component="span" sx={{ color: 'text.secondary', fontSize: 11.5, ml: 0.75 }}>
                    {Math.round((value / line.leads) * 100)} %
                  </Box>
                )}
              </Box>
            );
          },
        });
        return (
          <MiniTable
            rows={data.lines.slice(0, SHOWN)}
            keyOf={(line) => line.source ?? ''}
            columns={[
              {
                key: 'source',
                label: label('source'),
                render: (line) => (line.source === null ? label('none') : lookups.source(line.source)),
              },
              {
                key: 'leads',
                label: label('leads'),
                align: 'right',
                render: (line) => <FilteredNumber value={line.leads} filter={filter(line, {})} label={label('leads')} />,
              },
              part('qualified', qualified),
              part('won', won),
              part('lost', lost),
            ]}
          />
        );
      }}
    </WidgetBody>
  );
};
