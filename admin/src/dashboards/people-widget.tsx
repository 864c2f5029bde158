import { useTranslate } from 'ra-core';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { productNow } from '../common/product-clock';
import { useReport, type People, type Scope } from './api';
import { MiniTable } from './mini-table';
import { FilteredNumber, FollowUpsNumber } from './number-link';
import { useScopeFilter } from './scope-filter';
import { WidgetBody } from './widget-body';

type Line = People['lines'][number];

/** One line per person: what each holds, what waits, how often each followed up. */
export const PeopleWidget = ({ scope }: { scope: Scope }) => {
  const translate = useTranslate();
  const lookups = useLookups();
  const { stages } = useMeta();
  const query = useReport<People>('people', scope);
  const own = useScopeFilter(scope.who);
  const open = stages.filter(({ type }) => type !== 'won' && type !== 'lost').map(({ key }) => key);
  const label = (key: string): string => translate(`dash.people.${key}`);
  const column = (key: 'held' | 'hot' | 'untouched' | 'overdue', more: Record<string, unknown>, wideOnly = false) => ({
    key,
    label: label(key),
    align: 'right' as const,
    wideOnly,
    render: (line: Line) => (
      <FilteredNumber value={line[key]} filter={{ ...own, owner_in: [line.member], stage_in: open, ...more }} label={label(key)} />
    ),
  });
  return (
    <WidgetBody query={query} height={220} isEmpty={(data) => data.lines.length === 0}>
      {(data) => (
        <MiniTable
          rows={data.lines}
          keyOf={(line) => String(line.member)}
          columns={[
            { key: 'person', label: label('person'), render: (line) => lookups.member(line.member) },
            column('held', {}),
            column('hot', { label_in: ['hot'] }),
            column('untouched', { lastFollowUpAt_null: true }, true),
            column('overdue', { nextActionAt_lte: new Date(productNow()).toISOString() }),
            {
              key: 'followUps',
              label: label('followUps'),
              align: 'right',
              render: (line) => (
                <FollowUpsNumber value={line.followUps} member={line.member} span={data} scope={scope} label={label('followUps')} />
              ),
            },
          ]}
        />
      )}
    </WidgetBody>
  );
};
