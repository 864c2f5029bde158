import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useLocaleCode } from '../../common/text';
import { formatDuration } from '../../common/time';
import type { Scorecard } from '../types';
import { attainment, missedStates, rowsLink } from './ranges';
import type { Shown } from './scorecard-page';
import { showCount } from '../../i18n/counts';

const Number_ = ({ label, value, note, to, tone }: { label: string; value: ReactNode; note?: ReactNode; to?: string; tone?: string }) => (
  <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1, px: 2, py: 1.25, minWidth: 0 }}>
    <Typography variant="caption" color="text.secondary" noWrap component="div">
      {label}
    </Typography>
    <Box
      {...(to ? { component: Link, to } : {})}
      sx={{
        display: 'block',
        fontSize: 24,
        fontWeight: 650,
        lineHeight: 1.35,
        color: tone ?? 'text.primary',
        textDecoration: 'none',
        '&:hover': to ? { textDecoration: 'underline' } : undefined,
      }}
    >
      {typeof value === 'number' ? showCount(value) : value}
    </Box>
    <Typography variant="caption" color="text.secondary" component="div" noWrap sx={{ minHeight: 16 }}>
      {note}
    </Typography>
  </Box>
);

const Small = ({ to, children }: { to: string; children: ReactNode }) => (
  <Box component={Link} to={to} sx={{ color: 'inherit' }}>
    {children}
  </Box>
);

/** The numbers at the top, each a link to its rows. */
export const Kpis = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const { total, open } = card;
  const kept = attainment(total, shown.afterWaivers);
  const missed = shown.afterWaivers ? total.breached - total.waived : total.breached;
  const length = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(seconds, locale));
  const rows = (more: Record<string, unknown>): string => rowsLink({ ...shown.filter, ...more });
  const lost = missedStates(shown.afterWaivers);
  const answered = total.p50Business === null ? undefined : rows({ answered: true, state_in: ['met', 'breached_closed', 'waived'] });
  const side = shown.obligor ? { obligor: shown.obligor } : {};
  const tone = kept === null ? undefined : kept >= 90 ? 'success.main' : kept >= 70 ? 'warning.main' : 'error.main';
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1.5,
        gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', md: 'repeat(4, minmax(0, 1fr))', xl: 'repeat(7, minmax(0, 1fr))' },
      }}
    >
      <Number_
        label={translate('sla.scorecard.attainment')}
        value={kept === null ? '–' : `${kept} %`}
        note={translate(shown.afterWaivers ? 'sla.scorecard.waived' : 'sla.scorecard.measured')}
        tone={tone}
        to={kept === null ? undefined : rows({ state_in: ['met', ...lost] })}
      />
      <Number_ label={translate('sla.scorecard.met')} value={total.met} to={rows({ state_in: ['met'] })} />
      <Number_
        label={translate('sla.scorecard.breached')}
        value={missed}
        to={rows({ state_in: lost })}
        note={
          total.waived > 0 ? (
            <Small to={rows({ state_in: ['waived'] })}>{`${translate('sla.scorecard.waivers')} ${showCount(total.waived)}`}</Small>
          ) : undefined
        }
      />
      <Number_
        label={translate('sla.scorecard.p50')}
        value={length(total.p50Business)}
        to={answered}
        note={`${translate('sla.scorecard.calendar')} ${length(total.p50Calendar)}`}
      />
      <Number_
        label={translate('sla.scorecard.p90')}
        value={length(total.p90Business)}
        to={answered}
        note={`${translate('sla.scorecard.calendar')} ${length(total.p90Calendar)}`}
      />
      <Number_
        label={translate('sla.scorecard.open')}
        value={open.running}
        to={rowsLink({ state_in: ['running'], ...side })}
        note={
          open.paused > 0 ? (
            <Small to={rowsLink({ state_in: ['paused'], ...side })}>{`${translate('sla.clocks.states.paused')} ${open.paused}`}</Small>
          ) : undefined
        }
      />
      <Number_
        label={translate('sla.scorecard.late')}
        value={open.late}
        to={rowsLink({ state_in: ['breached_open'], ...side })}
        tone={open.late > 0 ? 'error.main' : undefined}
      />
    </Box>
  );
};
