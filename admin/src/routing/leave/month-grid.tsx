import type { LeaveCalendar, LeaveEntry } from '@leadsea/lead-routing/contracts/leave';
import { Box, ButtonBase, Tooltip } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useEffect, useRef } from 'react';
import { useLocaleCode } from '../../common/text';
import { useTime } from '../../common/time';
import { barOf, isWeekend } from './month';

const NAME = { xs: 96, md: 180 };
const CELL = 26;

/** One line per person, one column per day; a bar is a leave, and a click on a free day enters one. */
export const MonthGrid = (props: {
  calendar: LeaveCalendar;
  days: readonly string[];
  today: string;
  open: (leave: LeaveEntry) => void;
  enter: (member: number, day: string) => void;
}) => {
  const { calendar, days, today, open, enter } = props;
  const translate = useTranslate();
  const time = useTime();
  const locale = useLocaleCode();
  const table = useRef<HTMLDivElement>(null);
  const at = days.indexOf(today);
  // Where not all days fit, today and what comes after it are seen first.
  useEffect(() => {
    if (table.current) table.current.scrollLeft = Math.max(0, at - 1) * CELL;
  }, [at]);
  const dates = new Intl.DateTimeFormat('en-CA', { timeZone: time.zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const dateOf = (at: Date): string => dates.format(at);
  const weekday = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'narrow', timeZone: 'UTC' });
  const columns = { display: 'grid', gridTemplateColumns: `repeat(${days.length}, minmax(${CELL}px, 1fr))` };
  const name = {
    position: 'sticky',
    left: 0,
    zIndex: 2,
    width: NAME,
    flex: 'none',
    bgcolor: 'background.paper',
    borderRight: 1,
    borderColor: 'divider',
    px: 1,
  } as const;
  return (
    <Box
      ref={table}
      role="table"
      aria-label={translate('routing.leave.title')}
      // Scrolled by keyboard too; leave is entered by the button of the page there.
      tabIndex={0}
      sx={{ overflowX: 'auto', bgcolor: 'background.paper', borderTop: 1, borderBottom: 1, borderColor: 'divider', fontSize: 12 }}
    >
      <Box role="row" sx={{ display: 'flex', minWidth: 'fit-content', borderBottom: 1, borderColor: 'divider', color: 'text.secondary' }}>
        <Box role="columnheader" sx={{ ...name, py: 0.75 }}>
          {translate('routing.leave.person')}
        </Box>
        <Box sx={{ ...columns, flex: 1 }}>
          {days.map((day) => (
            <Box
              key={day}
              role="columnheader"
              sx={{
                textAlign: 'center',
                py: 0.25,
                bgcolor: isWeekend(day) ? 'action.hover' : undefined,
                color: day === today ? 'primary.main' : undefined,
                fontWeight: day === today ? 700 : undefined,
              }}
            >
              <div>{weekday.format(new Date(`${day}T00:00:00Z`))}</div>
              <div>{Number(day.slice(8))}</div>
            </Box>
          ))}
        </Box>
      </Box>
      {calendar.people.map((person) => {
        const mayEnter = calendar.mayEnterFor.includes(person.id);
        return (
          <Box
            key={person.id}
            role="row"
            sx={{
              display: 'flex',
              minWidth: 'fit-content',
              borderBottom: 1,
              borderColor: 'divider',
              '&:last-of-type': { borderBottom: 0 },
            }}
          >
            <Box
              role="rowheader"
              sx={{
                ...name,
                py: 0.75,
                overflow: 'hidden',
                textOverflow: 'ellipsis',
                whiteSpace: 'nowrap',
                fontWeight: person.you ? 650 : undefined,
              }}
              title={[person.name, person.team].filter(Boolean).join(' · ')}
            >
              {person.name}
              {person.you && ` (${translate('routing.leave.you')})`}
            </Box>
            <Box
              role="cell"
              aria-colspan={days.length}
              sx={{ ...columns, flex: 1, position: 'relative', minHeight: 34, alignItems: 'center' }}
            >
              {days.map((day, index) => (
                <ButtonBase
                  key={day}
                  disabled={!mayEnter}
                  tabIndex={-1}
                  aria-label={`${person.name} ${day}`}
                  onClick={() => enter(person.id, day)}
                  sx={{
                    gridRow: 1,
                    gridColumn: index + 1,
                    alignSelf: 'stretch',
                    bgcolor: isWeekend(day) ? 'action.hover' : undefined,
                    '&:hover': { bgcolor: 'action.selected' },
                  }}
                />
              ))}
              {calendar.leaves
                .filter(({ member }) => member === person.id)
                .map((leave) => {
                  const bar = barOf(leave, days, dateOf);
                  if (!bar) return null;
                  const span = translate('routing.leave.span', { from: time.dateTime(leave.startsAt), to: time.dateTime(leave.endsAt) });
                  const standIn = leave.delegateName
                    ? translate('routing.leave.standIn', { name: leave.delegateName })
                    : translate(`routing.leave.modes.${leave.mode}`);
                  return (
                    <Tooltip key={leave.id} title={`${span} · ${standIn}`}>
                      <ButtonBase
                        aria-label={translate('routing.leave.away', { name: person.name, span })}
                        onClick={() => leave.canEdit && open(leave)}
                        sx={{
                          gridRow: 1,
                          gridColumn: `${bar.from + 1} / ${bar.to + 1}`,
                          zIndex: 1,
                          height: 22,
                          mx: '2px',
                          px: 0.75,
                          justifyContent: 'flex-start',
                          overflow: 'hidden',
                          whiteSpace: 'nowrap',
                          fontSize: 11,
                          color: 'primary.contrastText',
                          bgcolor: leave.delegate === null ? 'text.secondary' : 'primary.main',
                          borderRadius: `${bar.openStart ? 0 : 4}px ${bar.openEnd ? 0 : 4}px ${bar.openEnd ? 0 : 4}px ${bar.openStart ? 0 : 4}px`,
                        }}
                      >
                        {bar.to - bar.from > 2 ? (leave.delegateName ?? '') : ''}
                      </ButtonBase>
                    </Tooltip>
                  );
                })}
            </Box>
          </Box>
        );
      })}
    </Box>
  );
};
