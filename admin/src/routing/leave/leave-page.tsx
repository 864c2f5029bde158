import type { LeaveCalendar, LeaveEntry } from '@leadsea/lead-routing/contracts/leave';
import { Box, Button, Typography } from '@mui/material';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { getJson } from '../../api/http-client';
import { useMe } from '../../api/session-context';
import { EmptyState } from '../../common/empty-state';
import { ErrorState } from '../../common/error-state';
import { MonthField } from '../../common/month-field';
import { PageHeader, RowsSkeleton } from '../../common/page';
import { useTime } from '../../common/time';
import { productNow } from '../../common/product-clock';
import { LeaveDialog } from './leave-dialog';
import { daysOf } from './month';
import { MonthGrid } from './month-grid';

type Editing = { readonly leave?: LeaveEntry; readonly member: number | null; readonly day: string };

const Line = ({ leave, name, open }: { leave: LeaveEntry; name: string; open: () => void }) => {
  const translate = useTranslate();
  const time = useTime();
  return (
    <Box
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 2,
        alignItems: 'center',
        py: 0.75,
        borderBottom: 1,
        borderColor: 'divider',
        fontSize: 13,
      }}
    >
      <Box sx={{ fontWeight: 650, minWidth: 120 }}>{name}</Box>
      <Box>{translate('routing.leave.span', { from: time.dateTime(leave.startsAt), to: time.dateTime(leave.endsAt) })}</Box>
      <Box sx={{ color: 'text.secondary' }}>
        {leave.delegateName
          ? translate('routing.leave.standIn', { name: leave.delegateName })
          : translate(`routing.leave.modes.${leave.mode}`)}
      </Box>
      {leave.lent > 0 && (
        <Box sx={{ color: 'text.secondary' }}>
          {translate('routing.leave.lent', { smart_count: leave.lent })}
          {leave.returned > 0 && ` · ${translate('routing.leave.back', { smart_count: leave.returned })}`}
        </Box>
      )}
      {leave.note && <Box sx={{ color: 'text.secondary', fontStyle: 'italic' }}>{leave.note}</Box>}
      {leave.canEdit && (
        <Button sx={{ ml: 'auto' }} onClick={open}>
          {translate('routing.leave.edit')}
        </Button>
      )}
    </Box>
  );
};

/** the leave of the reader and of his people, month by month, with who stands in and what was lent. */
export const LeavePage = () => {
  const translate = useTranslate();
  const time = useTime();
  const me = useMe().member;
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: time.zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    productNow(),
  );
  const [month, setMonth] = useState(today.slice(0, 7));
  const [editing, setEditing] = useState<Editing | null>(null);
  const days = daysOf(month);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['leave-calendar', month],
    queryFn: () => getJson<LeaveCalendar>(`/routing/leave-calendar?from=${days[0]}&to=${days.at(-1)}`),
    placeholderData: keepPreviousData,
  });
  const nameOf = new Map(data?.people.map((person) => [person.id, person.name]));
  const add = (
    <Button
      variant="contained"
      onClick={() => setEditing({ member: me.id, day: month === today.slice(0, 7) ? today : (days[0] ?? today) })}
    >
      {translate('routing.leave.add')}
    </Button>
  );
  return (
    <Box sx={{ display: 'grid', gap: 1, gridTemplateColumns: 'minmax(0, 1fr)', alignContent: 'start', pb: 4 }}>
      <PageHeader title={translate('routing.leave.title')} subtitle={translate('routing.leave.intro')} actions={add} />
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, px: { xs: 1, md: 3 } }}>
        <MonthField label={translate('routing.fairness.month')} value={month} onChange={setMonth} />
      </Box>
      {error && !data && <ErrorState error={error} retry={() => void refetch()} />}
      {isPending && <RowsSkeleton rows={6} />}
      {data && data.people.length === 0 && <EmptyState title={translate('routing.leave.noPeople')} />}
      {data && data.people.length > 0 && (
        <MonthGrid
          calendar={data}
          days={days}
          today={today}
          open={(leave) => setEditing({ leave, member: leave.member, day: today })}
          enter={(member, day) => setEditing({ member, day })}
        />
      )}
      {data && (
        <Box sx={{ px: { xs: 2, md: 3 }, pt: 1 }}>
          <Typography variant="subtitle2">{translate('routing.leave.list')}</Typography>
          {data.leaves.length === 0 && (
            <Typography variant="body2" color="text.secondary">
              {translate('routing.leave.none')}
            </Typography>
          )}
          {data.leaves.map((leave) => (
            <Line
              key={leave.id}
              leave={leave}
              name={nameOf.get(leave.member) ?? ''}
              open={() => setEditing({ leave, member: leave.member, day: today })}
            />
          ))}
        </Box>
      )}
      {data && editing && (
        <LeaveDialog
          key={editing.leave?.id ?? `${editing.member}-${editing.day}`}
          calendar={data}
          {...(editing.leave ? { leave: editing.leave } : {})}
          start={{ member: editing.member, day: editing.day }}
          close={() => setEditing(null)}
          done={() => void refetch()}
        />
      )}
    </Box>
  );
};
