import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useTranslate } from 'ra-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { Panel } from '../../common/panel';
import { useLocaleCode, useText } from '../../common/text';
import { formatDuration } from '../../common/time';
import type { OfContract, Scorecard, Tally } from '../types';
import { attainment, missedStates, obligationsLink, rowsLink } from './ranges';
import type { Shown } from './scorecard-page';
import { showCount } from '../../i18n/counts';

const Count = ({ value, to, show = showCount(value) }: { value: number; to: string; show?: string }) =>
  value === 0 ? (
    <Box component="span" sx={{ color: 'text.disabled' }}>
      {show}
    </Box>
  ) : (
    <Box
      component={Link}
      to={to}
      sx={{ color: 'primary.main', textDecoration: 'none', fontWeight: 600, '&:hover': { textDecoration: 'underline' } }}
    >
      {show}
    </Box>
  );

interface Line {
  readonly key: string;
  readonly name: ReactNode;
  readonly tally: Tally;
  readonly filter: Readonly<Record<string, unknown>>;
}

const Lines = ({ lines, shown, first }: { lines: readonly Line[]; shown: Shown; first: string }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const length = (seconds: number | null): string => (seconds === null ? '–' : formatDuration(seconds, locale));
  const wide = { display: { xs: 'none', sm: 'table-cell' } };
  return (
    <Box sx={{ overflowX: 'auto', mx: -2 }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{first}</TableCell>
            <TableCell align="right">{translate('sla.scorecard.attainment')}</TableCell>
            <TableCell align="right">{translate('sla.scorecard.met')}</TableCell>
            <TableCell align="right">{translate('sla.scorecard.breached')}</TableCell>
            <TableCell align="right" sx={wide}>
              p50
            </TableCell>
            <TableCell align="right" sx={wide}>
              p90
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {lines.map(({ key, name, tally, filter }) => {
            const kept = attainment(tally, shown.afterWaivers);
            const lost = missedStates(shown.afterWaivers);
            const rows = (more: Record<string, unknown>): string => rowsLink({ ...shown.filter, ...filter, ...more });
            const answered = rows({ answered: true, state_in: ['met', 'breached_closed', 'waived'] });
            return (
              <TableRow key={key}>
                <TableCell>{name}</TableCell>
                <TableCell align="right">
                  <Count value={tally.total} show={kept === null ? '–' : `${kept} %`} to={rows({ state_in: ['met', ...lost] })} />
                </TableCell>
                <TableCell align="right">
                  <Count value={tally.met} to={rows({ state_in: ['met'] })} />
                </TableCell>
                <TableCell align="right">
                  <Count value={shown.afterWaivers ? tally.breached - tally.waived : tally.breached} to={rows({ state_in: lost })} />
                </TableCell>
                <TableCell align="right" sx={wide}>
                  <Count value={tally.p50Business === null ? 0 : 1} show={length(tally.p50Business)} to={answered} />
                </TableCell>
                <TableCell align="right" sx={wide}>
                  <Count value={tally.p90Business === null ? 0 : 1} show={length(tally.p90Business)} to={answered} />
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </Box>
  );
};

/** A promise, with its contract where the card has several. */
const Promised = ({ name, of, among }: { name: string; of: OfContract; among: readonly OfContract[] }) => (
  <>
    {name}
    {among.some(({ contract }) => contract !== of.contract) && of.contractName && (
      <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{of.contractName}</Box>
    )}
  </>
);

export const Metrics = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const text = useText();
  const lines = card.metrics.map((one): Line => ({
    key: `${one.contract}:${one.metric}:${one.obligor}`,
    name: <Promised name={`${text(one.label)} · ${translate(`sla.sides.${one.obligor}`)}`} of={one} among={card.metrics} />,
    tally: one,
    filter: { metric: one.metric, contract: one.contract },
  }));
  return (
    <Panel title={translate('sla.scorecard.metrics')}>
      <Lines lines={lines} shown={shown} first={translate('sla.clocks.promise')} />
    </Panel>
  );
};

export const Holders = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const lines = card.holders.map((one): Line => ({
    key: String(one.owner ?? 0),
    name: one.name ?? translate('sla.scorecard.nobody'),
    tally: one,
    filter: one.owner === null ? { holder_null: true } : { holder: one.owner },
  }));
  return (
    <Panel title={translate('sla.scorecard.holders')}>
      <Lines lines={lines} shown={shown} first={translate('sla.clocks.owner')} />
    </Panel>
  );
};

export const Obligations = ({ card, shown }: { card: Scorecard; shown: Shown }) => {
  const translate = useTranslate();
  const text = useText();
  return (
    <Panel title={translate('sla.scorecard.obligations')}>
      <Box sx={{ overflowX: 'auto', mx: -2 }}>
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>{translate('sla.clocks.promise')}</TableCell>
              <TableCell align="right">{translate('sla.obligation.states.running')}</TableCell>
              <TableCell align="right">{translate('sla.obligation.states.met')}</TableCell>
              <TableCell align="right">{translate('sla.obligation.states.breached')}</TableCell>
              <TableCell align="right">{translate('sla.scorecard.impossible')}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {card.obligations.map((one) => {
              const own = { key: one.key, obligor: one.obligor, contract: one.contract };
              const ended = { ...own, endedAt_gte: shown.from, endedAt_lt: shown.to };
              return (
                <TableRow key={`${one.contract}:${one.key}:${one.obligor}`}>
                  <TableCell>
                    <Promised name={text(one.label)} of={one} among={card.obligations} />
                  </TableCell>
                  <TableCell align="right">
                    <Count value={one.running} to={obligationsLink({ ...own, state: 'running' })} />
                  </TableCell>
                  <TableCell align="right">
                    <Count value={one.met} to={obligationsLink({ ...ended, state: 'met' })} />
                  </TableCell>
                  <TableCell align="right">
                    <Count value={one.breached} to={obligationsLink({ ...ended, state: 'breached' })} />
                  </TableCell>
                  <TableCell align="right">
                    <Count value={one.impossible} to={obligationsLink({ ...ended, breachCause: 'impossible' })} />
                  </TableCell>
                </TableRow>
              );
            })}
          </TableBody>
        </Table>
      </Box>
    </Panel>
  );
};
