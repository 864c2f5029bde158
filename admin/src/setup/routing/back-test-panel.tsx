import type { BackTest, BackTestRun } from '@leadsea/lead-routing/contracts/back-test';
import {
  Alert,
  Box,
  Button,
  LinearProgress,
  Link,
  MenuItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  TextField,
  Typography,
} from '@mui/material';
import { useGetMany, useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { When } from '../../common/countdown';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { useTime } from '../../common/time';
import { useFacts } from '../../conditions/use-facts';
import { Facts } from '../kit/facts';
import { useBackTest } from './use-back-test';

const MOST_PEOPLE = 30;

const shown = (value: number | null): string => (value === null ? '–' : String(value));

/** Leads that would have gone elsewhere, the newest ones by name as far as the reader may see them. */
const Moves = ({ data }: { data: BackTest }) => {
  const translate = useTranslate();
  const text = useText();
  const { data: leads } = useGetMany<{ id: number; name: string | null }>(
    'leads',
    { ids: data.moves.map(({ lead }) => lead) },
    { enabled: data.moves.length > 0 },
  );
  const words = (key: string, count = data.moved): string => translate(`setup.routing.backTest.${key}`, { smart_count: count });
  const leadName = (id: number): string => leads?.find((lead) => lead.id === id)?.name ?? `#${id}`;
  const nameOf = (id: number | null): string => (id === null ? '–' : (data.people.find(({ member }) => member === id)?.name ?? `#${id}`));
  const rules = new Map(data.rules.map(({ key, label }) => [key, text(label) || key]));
  const byOf = ({ rule, reason }: BackTest['moves'][number]): string =>
    (rule === null ? null : rules.get(rule)) ?? rules.get(reason) ?? translate(`routing.monitor.reasons.${reason}`, { _: reason });
  if (data.leads === 0) return null;
  return (
    <Box>
      <Typography variant="subtitle2">{data.moved === 0 ? words('same') : words('moves')}</Typography>
      {data.causes.length > 0 && (
        <Facts facts={data.causes.map(({ cause, leads: count }) => ({ label: words(`causes.${cause}`), value: count }))} />
      )}
      {data.moved > data.moves.length && <Typography variant="caption">{words('newest', data.moves.length)}</Typography>}
      {data.moves.length > 0 && (
        <Box sx={{ maxHeight: 320, overflow: 'auto' }} tabIndex={0} role="group" aria-label={words('moves')}>
          <Table size="small" sx={{ '& td, & th': { px: 0.5 } }}>
            <TableHead>
              <TableRow>
                {['lead', 'before', 'after', 'byRule'].map((key) => (
                  <TableCell key={key}>{words(key)}</TableCell>
                ))}
              </TableRow>
            </TableHead>
            <TableBody>
              {data.moves.map((move) => (
                <TableRow key={`${move.lead} ${move.at}`}>
                  <TableCell sx={{ maxWidth: 120, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
                    <Link component={RouterLink} to={`/leads/${move.lead}`} title={leadName(move.lead)}>
                      {leadName(move.lead)}
                    </Link>
                  </TableCell>
                  <TableCell>{nameOf(move.before)}</TableCell>
                  <TableCell>{nameOf(move.after)}</TableCell>
                  <TableCell>
                    {byOf(move)}
                    {data.causes.length > 1 && (
                      <Typography variant="caption" color="text.secondary" component="div">
                        {words(`causes.${move.cause}`)}
                      </Typography>
                    )}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Box>
      )}
    </Box>
  );
};

const Result = ({ data }: { data: BackTest }) => {
  const translate = useTranslate();
  const text = useText();
  const words = (key: string, count = 0): string => translate(`setup.routing.backTest.${key}`, { smart_count: count });
  const time = useTime();
  const [ofLead, ofMember] = [useFacts('lead').byKey, useFacts('member').byKey];
  const fieldText = ({ field, leads }: BackTest['today'][number]): string =>
    translate('setup.routing.backTest.todayField', {
      field: text((ofLead.get(field) ?? ofMember.get(field))?.label) || field,
      smart_count: leads,
    });
  return (
    <Box sx={{ display: 'grid', gap: 1.5, fontSize: 13 }}>
      <Box>
        <Typography variant="body2">{data.leads === 0 ? words('none') : words('leads', data.leads)}</Typography>
        <Typography variant="caption" color="text.secondary" component="div">
          {[
            ...(data.again > 0 ? [words('again', data.again)] : []),
            ...(data.elsewhere > 0 ? [words('elsewhere', data.elsewhere)] : []),
            ...(data.limited ? [translate('setup.routing.backTest.limited', { since: time.date(data.since) })] : []),
            words('terms'),
          ].join(' ')}
        </Typography>
        {data.today.length > 0 && (
          <Typography variant="caption" color="warning.main" component="div">
            {translate('setup.routing.backTest.today', { fields: data.today.map(fieldText).join(words('separator')) })}
          </Typography>
        )}
      </Box>
      <Facts
        facts={[
          ...data.rules.filter((rule) => rule.leads > 0).map((rule) => ({ label: text(rule.label) || rule.key, value: rule.leads })),
          { label: words('pools'), value: data.pools },
          { label: words('held'), value: data.held },
          { label: words('nobody'), value: data.nobody },
        ]}
      />
      <Table size="small" sx={{ '& td, & th': { px: 0.5 } }}>
        <TableHead>
          <TableRow>
            <TableCell>{words('person')}</TableCell>
            <TableCell align="right">{words('before')}</TableCell>
            <TableCell align="right">{words('after')}</TableCell>
            <TableCell align="right">{words('change')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {data.people.slice(0, MOST_PEOPLE).map((person) => (
            <TableRow key={person.member}>
              <TableCell>{person.name}</TableCell>
              <TableCell align="right">{person.before}</TableCell>
              <TableCell align="right">{person.after}</TableCell>
              <TableCell align="right" sx={{ color: person.after < person.before ? 'error.main' : 'success.main' }}>
                {person.after === person.before ? '' : `${person.after > person.before ? '+' : ''}${person.after - person.before}`}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {data.people.length > MOST_PEOPLE && <Typography variant="caption">{words('more', data.people.length - MOST_PEOPLE)}</Typography>}
      <Moves data={data} />
      <Facts
        facts={[
          { label: words('jain'), value: `${shown(data.jainBefore)} → ${shown(data.jainAfter)}` },
          { label: words('response'), value: `${shown(data.responseBefore)} → ${shown(data.responseAfter)}` },
        ]}
      />
      {data.reasons.length > 0 && (
        <>
          <Typography variant="subtitle2">{words('reasons')}</Typography>
          <Facts facts={data.reasons.map(({ code, count }) => ({ label: translate(`codes.${code}`, { _: code }), value: count }))} />
        </>
      )}
    </Box>
  );
};

/** How far a back-test is, and the way to end it. */
const Running = ({ run, onStop }: { run: BackTestRun; onStop: () => void }) => {
  const translate = useTranslate();
  const { status, done, days } = run;
  const share = status === 'running' && done > 0 ? (100 * done) / days : null;
  const step = status === 'queued' ? 'queued' : share === null ? 'loading' : 'running';
  const text = translate(`setup.routing.backTest.${step}`, { done, days });
  return (
    <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center' }}>
      <Box role="status" sx={{ flex: 1, minWidth: 0 }}>
        <LinearProgress variant={share === null ? 'indeterminate' : 'determinate'} value={share ?? 0} aria-label={text} />
        <Typography variant="caption" color="text.secondary">
          {text}
        </Typography>
      </Box>
      <Button size="small" color="inherit" onClick={onStop}>
        {translate('setup.routing.backTest.stop')}
      </Button>
    </Box>
  );
};

/** What the last back-test came to, while none runs. */
const Ended = ({ run }: { run: BackTestRun }) => {
  const translate = useTranslate();
  const { status, done, days, createdAt, result } = run;
  if (status === 'failed') return <Alert severity="error">{translate('setup.routing.backTest.failed')}</Alert>;
  if (status === 'stopped') return <Alert severity="info">{translate('setup.routing.backTest.stopped', { done, days })}</Alert>;
  if (!result) return null;
  return (
    <>
      <Typography variant="caption" color="text.secondary" component="div">
        <When at={createdAt} /> · {translate('setup.routing.backTest.asked', { days })}
      </Typography>
      <Result data={result} />
    </>
  );
};

/** Who would have got the leads of the last days by the saved draft. */
export const BackTestPanel = ({ id, dirty }: { id: number; dirty: boolean }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [days, setDays] = useState(30);
  const { run, busy, error, start, stop } = useBackTest(id);
  return (
    <Panel title={translate('setup.routing.backTest.title')}>
      <Box sx={{ display: 'grid', gap: 1.5, '& > *': { minWidth: 0 } }}>
        <Typography variant="body2" color="text.secondary">
          {translate(dirty ? 'setup.routing.simulateSave' : 'setup.routing.backTest.help')}
        </Typography>
        <Box sx={{ display: 'flex', gap: 1 }}>
          <TextField
            select
            label={translate('setup.routing.backTest.days')}
            value={days}
            onChange={(event) => setDays(Number(event.target.value))}
            sx={{ flex: 1 }}
          >
            {[7, 30, 90].map((one) => (
              <MenuItem key={one} value={one}>
                {translate('setup.routing.backTest.lastDays', { smart_count: one })}
              </MenuItem>
            ))}
          </TextField>
          <Button variant="outlined" disabled={dirty || busy} onClick={() => start.mutate(days)}>
            {translate('setup.routing.backTest.run')}
          </Button>
        </Box>
        {Boolean(error) && (
          <Typography variant="body2" color="error">
            {refusal(error)}
          </Typography>
        )}
        {run && (busy ? <Running run={run} onStop={() => stop.mutate(run.id)} /> : <Ended run={run} />)}
      </Box>
    </Panel>
  );
};
