import { Box, Button, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess, useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { useText } from '../common/text';
import { usePreference } from '../common/use-preference';
import { useReport, type Scope, type Sources } from './api';
import { MiniTable } from './mini-table';
import { FilteredNumber } from './number-link';
import { useScopeFilter } from './scope-filter';
import { WidgetBody } from './widget-body';

/** The largest first; the others come on request, so many at a time. */
const SHOWN = 12;
const MORE = 50;
/** What came in can be split by these, and by every list of the company's own. */
const ORIGINS = ['source', 'medium', 'campaign', 'product', 'industry', 'country', 'city'] as const;
type Line = Sources['lines'][number];

/** What came in during the period by source, and how far it has come since. */
export const SourcesWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { stages } = useMeta();
  const access = useAccess();
  const text = useText();
  const [wanted, setBy] = usePreference<string>('sourcesBy', 'source');
  const lists = lookups.leadFields.filter(({ type }) => type === 'select');
  const choices = [...ORIGINS, ...lists.map(({ key }) => `custom.${key}`)].filter((field) =>
    ['read', 'write'].includes(access.field('leads', field)),
  );
  const by = choices.includes(wanted) ? wanted : 'source';
  const query = useReport<Sources>('sources', scope, `&by=${encodeURIComponent(by)}`);
  const own = useScopeFilter(scope.who);
  const [shown, setShown] = useState(SHOWN);
  const keys = (type: (stage: string) => boolean): string[] => stages.filter((stage) => type(stage.type)).map(({ key }) => key);
  const [won, lost] = [keys((type) => type === 'won'), keys((type) => type === 'lost')];
  // From the first gate on a lead counts as qualified.
  const gate = stages.findIndex((stage) => stage.type === 'gate');
  const qualified = stages
    .filter(({ type }, index) => gate >= 0 && index >= gate && (type === 'gate' || type === 'won'))
    .map(({ key }) => key);
  const sum = (line: Line, of: readonly string[]): number => of.reduce((total, key) => total + (line.stages[key] ?? 0), 0);
  const label = (key: string): string => translate(`dash.sources.${key}`);
  const nameOf = (field: string, value: string): string => {
    if (field === 'source') return lookups.source(value);
    const option = lists.find(({ key }) => `custom.${key}` === field)?.options.find((one) => one.value === value);
    return text(option?.label) || value;
  };
  return (
    <>
      <TextField
        select
        size="small"
        value={by}
        onChange={({ target }) => setBy(target.value)}
        slotProps={{ htmlInput: { 'aria-label': label('by') } }}
        sx={{ mb: 1, minWidth: 160 }}
      >
        {choices.map((field) => (
          <MenuItem key={field} value={field}>
            {lookups.fieldLabel(field)}
          </MenuItem>
        ))}
      </TextField>
      <WidgetBody query={query} height={240} isEmpty={(data) => data.lines.length === 0}>
        {(data) => {
          const filter = (line: Line, more: Record<string, unknown>) => ({
            ...own,
            ...(line.value === null ? { [`${data.by}_null`]: true } : { [data.by]: line.value }),
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
            <>
              <MiniTable
                rows={data.lines.slice(0, shown)}
                keyOf={(line) => line.value ?? ''}
                columns={[
                  {
                    key: 'value',
                    label: lookups.fieldLabel(data.by),
                    render: (line) => (line.value === null ? label('none') : nameOf(data.by, line.value)),
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
              {data.lines.length > shown && (
                <Button onClick={() => setShown(shown + MORE)} sx={{ mt: 0.5 }}>
                  {translate('dash.sources.more', { smart_count: data.lines.length - shown })}
                </Button>
              )}
            </>
          );
        }}
      </WidgetBody>
    </>
  );
};
