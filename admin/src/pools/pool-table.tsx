import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { PoolCard } from '../api/types';
import { When } from '../common/countdown';
import { useLocaleCode, useText } from '../common/text';
import { showNumber } from '../common/values';
import { KindChip, PausedMark } from './pool-card';
import { Sheet } from './parts';

/** All pools as lines, for those who keep many. */
export const PoolTable = (props: { pools: readonly PoolCard[]; selected: number | undefined; onSelect: (id: number) => void }) => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const number = (value: number) => showNumber(value, locale);
  return (
    <Sheet>
      <Box sx={{ overflowX: 'auto' }}>
        <Table size="small" sx={{ minWidth: 640 }}>
          <TableHead>
            <TableRow>
              <TableCell>{translate('pools.column.pool')}</TableCell>
              <TableCell align="right">{translate('pools.available')}</TableCell>
              <TableCell align="right">{translate('label.hot')}</TableCell>
              <TableCell align="right">{translate('pools.mine')}</TableCell>
              <TableCell>{translate('pools.oldest')}</TableCell>
              <TableCell>{translate('pools.column.limits')}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {props.pools.map((pool) => (
              <TableRow
                key={pool.id}
                hover
                selected={pool.id === props.selected}
                onClick={() => props.onSelect(pool.id)}
                onKeyDown={(event) => event.key === 'Enter' && props.onSelect(pool.id)}
                tabIndex={0}
                sx={{ cursor: 'pointer' }}
              >
                <TableCell>
                  <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, fontWeight: 600 }}>
                    {pool.name} <KindChip kind={pool.kind} /> <PausedMark pool={pool} />
                  </Box>
                </TableCell>
                <TableCell align="right">{number(pool.available)}</TableCell>
                <TableCell align="right">{number(pool.hot)}</TableCell>
                <TableCell align="right">{number(pool.mine)}</TableCell>
                <TableCell>{pool.oldest && <When at={pool.oldest} />}</TableCell>
                <TableCell sx={{ color: 'text.secondary' }}>
                  {pool.limits
                    .map((limit) => `${text(limit.label)} ${translate('pools.over', { used: limit.used, limit: limit.limit })}`)
                    .join(' · ')}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
    </Sheet>
  );
};
