import type { BackTest } from '@leadsea/lead-routing/contracts/back-test';
import { Box, Button, MenuItem, Table, TableBody, TableCell, TableHead, TableRow, TextField, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../../api/errors';
import { postJson } from '../../api/http-client';
import { Panel } from '../../common/panel';
import { useText } from '../../common/text';
import { Facts } from '../kit/facts';

const MOST_PEOPLE = 30;

const shown = (value: number | null): string => (value === null ? '–' : String(value));

const Result = ({ data }: { data: BackTest }) => {
  const translate = useTranslate();
  const text = useText();
  const words = (key: string): string => translate(`setup.routing.backTest.${key}`);
  return (
    <Box sx={{ display: 'grid', gap: 1.5, fontSize: 13 }}>
      <Typography variant="body2">{translate('setup.routing.backTest.leads', { smart_count: data.leads })}</Typography>
      {data.limited && <Typography variant="caption">{words('limited')}</Typography>}
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

/** Who would have got the leads of the last days by the saved draft. */
export const BackTestPanel = ({ id, dirty }: { id: number; dirty: boolean }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [days, setDays] = useState(30);
  const run = useMutation({ mutationFn: () => postJson<BackTest>(`/routing-policies/${id}/backtest`, { days }) });
  return (
    <Panel title={translate('setup.routing.backTest.title')}>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
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
          <Button variant="outlined" disabled={dirty || run.isPending} onClick={() => run.mutate()}>
            {translate('setup.routing.backTest.run')}
          </Button>
        </Box>
        {run.error && (
          <Typography variant="body2" color="error">
            {refusal(run.error)}
          </Typography>
        )}
        {run.data && <Result data={run.data} />}
      </Box>
    </Panel>
  );
};
