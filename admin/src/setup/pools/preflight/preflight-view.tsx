import { Box, Button, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { MOVE_GROUPS, preflightLeads, type MoveGroup, type Preflight } from '../../../pools/duty-api';
import { Stat, type Tone } from '../../../pools/parts';
import { RowsDialog, type Rows } from '../../../pools/rows-dialog';
import { useLocaleCode } from '../../../common/text';
import { useTime } from '../../../common/time';
import { showNumber } from '../../../common/values';
import { PersonChart } from './person-chart';
import { showCount } from '../../../i18n/counts';

const TONE: Readonly<Record<MoveGroup, Tone>> = {
  tonight: 'danger',
  afterGrace: 'warning',
  week: 'plain',
  withOpportunity: 'warning',
  withMeeting: 'warning',
  protected: 'good',
};

/** “41 leads of 7 people move tonight; 3 have an open opportunity.” */
const Headline = ({ preflight: { moves, byPerson } }: { preflight: Preflight }) => {
  const translate = useTranslate();
  const people = byPerson.filter((person) => person.tonight > 0).length;
  const later = byPerson.filter((person) => person.afterGrace > 0).length;
  const holders = (count: number): string => translate('setup.pool.preflight.holders', { smart_count: count });
  const sentence =
    moves.tonight > 0
      ? translate('setup.pool.preflight.movesTonight', { smart_count: moves.tonight, people: holders(people) })
      : moves.afterGrace > 0
        ? translate('setup.pool.preflight.movesLater', { smart_count: moves.afterGrace, people: holders(later) })
        : translate('setup.pool.preflight.nothing');
  return (
    <Typography
      variant="h6"
      component="p"
      color={moves.tonight > 0 ? 'error.main' : moves.afterGrace > 0 ? 'warning.main' : 'success.main'}
    >
      {sentence}
      {moves.withOpportunity > 0 && ` ${translate('setup.pool.preflight.opportunities', { smart_count: moves.withOpportunity })}`}
    </Typography>
  );
};

const Staged = ({ staged }: { staged: Preflight['staged'] }) => {
  const translate = useTranslate();
  if (staged.length < 2) return null;
  const most = Math.max(...staged.map((one) => one.leads), 1);
  return (
    <Box>
      <Typography variant="subtitle2">{translate('setup.pool.preflight.staged')}</Typography>
      <Box sx={{ display: 'flex', alignItems: 'flex-end', gap: 0.5, height: 84, mt: 0.5, overflowX: 'auto' }}>
        {staged.map((one) => (
          <Box key={one.day} sx={{ minWidth: 44, flex: 1, textAlign: 'center', fontSize: 11, color: 'text.secondary' }}>
            <Box sx={{ color: 'text.primary', fontWeight: 600 }}>{showCount(one.leads)}</Box>
            <Box
              sx={{
                height: Math.max(2, (one.leads / most) * 40),
                bgcolor: 'warning.main',
                borderRadius: '3px 3px 0 0',
                mx: 'auto',
                maxWidth: 28,
              }}
            />
            {one.day.slice(5, 10)}
          </Box>
        ))}
      </Box>
    </Box>
  );
};

const People = ({ preflight, onOpen }: { preflight: Preflight; onOpen: (group: MoveGroup, member: number, name: string) => void }) => {
  const translate = useTranslate();
  const rows = [...preflight.byPerson].sort((a, b) => b.tonight - a.tonight || b.afterGrace - a.afterGrace);
  return (
    <Box sx={{ maxHeight: 260, overflow: 'auto' }}>
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            <TableCell>{translate('setup.pool.whoKind.member')}</TableCell>
            {(['tonight', 'afterGrace', 'withOpportunity', 'protected'] as const).map((group) => (
              <TableCell key={group} align="right">
                {translate(`setup.pool.preflight.${group}`)}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {rows.map((person) => (
            <TableRow key={person.member}>
              <TableCell>{person.name}</TableCell>
              {(['tonight', 'afterGrace', 'withOpportunity', 'protected'] as const).map((group) => (
                <TableCell key={group} align="right">
                  {person[group] > 0 ? (
                    <Button onClick={() => onOpen(group, person.member, person.name)} sx={{ minWidth: 32, minHeight: 24, p: 0 }}>
                      {showCount(person[group])}
                    </Button>
                  ) : (
                    <Box component="span" sx={{ color: 'text.disabled' }}>
                      0
                    </Box>
                  )}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
};

/** What publishing the draft would move, whose, and when; every number opens its leads. */
export const PreflightView = ({
  pool,
  preflight,
  stamp,
  brief,
}: {
  pool: number;
  preflight: Preflight;
  stamp: string | null;
  brief?: boolean;
}) => {
  const translate = useTranslate();
  const time = useTime();
  const locale = useLocaleCode();
  const [rows, setRows] = useState<Rows | null>(null);
  const open = (group: MoveGroup, member?: number, name?: string): void =>
    setRows({
      title: [translate(`setup.pool.preflight.${group}`), name].filter(Boolean).join(' · '),
      key: ['preflight', pool, stamp, group, member],
      load: () => preflightLeads(pool, group, member),
    });
  const { moves, against, sample } = preflight;
  const groups = brief ? (['tonight', 'afterGrace', 'withOpportunity'] as const) : MOVE_GROUPS;
  return (
    <Box sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
      <Headline preflight={preflight} />
      <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: `repeat(auto-fill, minmax(${brief ? 88 : 112}px, 1fr))` }}>
        {groups.map((group) => {
          const before = against.now[group];
          const difference = moves[group] - before;
          const label = `${translate(`setup.pool.preflight.${group}`)}${difference === 0 ? '' : ` (${difference > 0 ? '+' : ''}${difference})`}`;
          return (
            <Stat
              key={group}
              value={sample ? `≈ ${showNumber(moves[group], locale)} ± ${showNumber(sample.margins[group], locale)}` : moves[group]}
              label={label}
              tone={moves[group] > 0 ? TONE[group] : 'quiet'}
              onOpen={moves[group] > 0 ? () => open(group) : undefined}
            />
          );
        })}
      </Box>
      {sample && (
        <Typography role="note" variant="body2" color="warning.main">
          {translate('pools.sample', {
            looked: showNumber(sample.looked, locale),
            total: showNumber(preflight.held, locale),
            most: showNumber(Math.max(...MOVE_GROUPS.map((group) => sample.margins[group])), locale),
          })}
        </Typography>
      )}
      <Typography variant="body2" color="text.secondary">
        {translate('setup.pool.preflight.held', { smart_count: preflight.held })}
        {preflight.graceEnds && ` ${translate('setup.pool.preflight.graceEnds', { at: time.dateTime(preflight.graceEnds) })}`}
      </Typography>
      {!brief && (
        <>
          <Staged staged={preflight.staged} />
          {preflight.byPerson.length > 0 && (
            <Box>
              <Typography variant="subtitle2">{translate('setup.pool.preflight.people')}</Typography>
              <PersonChart
                preflight={preflight}
                onOpen={(member, name) => open(moves.tonight > 0 ? 'tonight' : 'afterGrace', member, name)}
              />
              <People preflight={preflight} onOpen={open} />
            </Box>
          )}
        </>
      )}
      <RowsDialog rows={rows} onClose={() => setRows(null)} />
    </Box>
  );
};
