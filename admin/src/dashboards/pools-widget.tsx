import { useQuery } from '@tanstack/react-query';
import { useDataProvider, useTranslate } from 'ra-core';
import type { ConsoleProvider } from '../api/data-provider';
import { useMeta } from '../api/session-context';
import { When } from '../common/countdown';
import { RecordLink } from '../common/record-link';
import { MiniTable } from './mini-table';
import { FilteredNumber } from './number-link';
import { WidgetBody } from './widget-body';

/** The pools one may see: what lies in them and how long the oldest has waited. */
export const PoolsWidget = () => {
  const translate = useTranslate();
  const provider = useDataProvider<ConsoleProvider>();
  const { stages } = useMeta();
  const query = useQuery({ queryKey: ['pools-board'], queryFn: () => provider.poolsBoard() });
  const open = stages.filter(({ type }) => type !== 'won' && type !== 'lost').map(({ key }) => key);
  const label = (key: string): string => translate(`dash.pools.${key}`);
  return (
    <WidgetBody query={query} height={140} isEmpty={(pools) => pools.length === 0} empty={translate('pools.empty')}>
      {(pools) => (
        <MiniTable
          rows={pools}
          keyOf={(pool) => pool.key}
          columns={[
            {
              key: 'pool',
              label: label('pool'),
              render: (pool) => <RecordLink to={`/pools?pool=${pool.id}`}>{pool.name}</RecordLink>,
            },
            {
              key: 'available',
              label: label('available'),
              align: 'right',
              render: (pool) => (
                <FilteredNumber
                  value={pool.available}
                  filter={{ pool_in: [pool.id], owner_null: true, stage_in: open }}
                  label={label('available')}
                />
              ),
            },
            {
              key: 'hot',
              label: label('hot'),
              align: 'right',
              render: (pool) => (
                <FilteredNumber
                  value={pool.hot}
                  filter={{ pool_in: [pool.id], owner_null: true, stage_in: open, label_in: ['hot'] }}
                  label={label('hot')}
                />
              ),
            },
            { key: 'oldest', label: label('oldest'), align: 'right', wideOnly: true, render: (pool) => <When at={pool.oldest} /> },
          ]}
        />
      )}
    </WidgetBody>
  );
};
