import type { PullOrder } from '@leadsea/lead-pools/contracts/pull';
import { Box, Button, Chip, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useLocaleCode } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { LabelIn, NumberIn, SelectIn, TextIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { PULL_ORDERS } from './choices';
import { SecondsIn } from './span-parts';

/** The order in which leads are handed out: chosen ones first to last, a click takes one away or adds it behind. */
const OrderIn = () => {
  const translate = useTranslate();
  const field = useField<readonly PullOrder[]>('pull.order');
  const chosen = field.value ?? ['urgency', 'grade', 'age'];
  const rest = PULL_ORDERS.filter((one) => !chosen.includes(one));
  return (
    <Box>
      <Typography variant="subtitle2">{translate('setup.pool.pull.order')}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 0.5 }}>
        {chosen.map((one, index) => (
          <Chip
            key={one}
            color="primary"
            label={`${index + 1} · ${translate(`setup.pool.pull.orders.${one}`)}`}
            onDelete={field.readOnly || chosen.length === 1 ? undefined : () => field.set(chosen.filter((other) => other !== one))}
          />
        ))}
        {!field.readOnly &&
          rest.map((one) => (
            <Chip
              key={one}
              variant="outlined"
              label={`+ ${translate(`setup.pool.pull.orders.${one}`)}`}
              onClick={() => field.set([...chosen, one])}
            />
          ))}
      </Box>
    </Box>
  );
};

/** A pull queue: what comes first, how long a person has, and how often he may pass. */
export const PullIn = () => {
  const translate = useTranslate();
  return (
    <>
      <OrderIn />
      <Row>
        <SecondsIn path="pull.actWithinSeconds" words="setup.pool.pull.act" minimum={1} />
        <NumberIn path="pull.skipsPerDay" words="setup.pool.pull.skips" min={0} max={100} sx={{ width: 200 }} />
        <SecondsIn path="pull.restSeconds" words="setup.pool.pull.rest" />
      </Row>
      <ListIn<{ value: string; label: { zh: string; en: string } }>
        path="pull.skipReasons"
        add={translate('setup.pool.pull.addReason')}
        empty={translate('setup.pool.pull.noReasons')}
        blank={(reasons) => ({
          value: keyFrom(
            '',
            'reason',
            reasons.map((reason) => reason.value),
          ),
          label: { zh: '', en: '' },
        })}
        render={(path) => <LabelIn path={`${path}.label`} words="setup.pool.pull.reason" />}
      />
    </>
  );
};

const WEEK = [1, 2, 3, 4, 5, 6, 7] as const;

const DaysIn = () => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const field = useField<readonly number[]>('drop.days');
  const days = field.value ?? [];
  const name = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' });
  return (
    <Box>
      <Typography variant="subtitle2">{translate('setup.pool.drop.days')}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, mt: 0.5 }}>
        {WEEK.map((day) => {
          const on = days.includes(day);
          return (
            <Button
              key={day}
              variant={on ? 'contained' : 'outlined'}
              aria-pressed={on}
              disabled={field.readOnly}
              onClick={() => field.set(WEEK.filter((one) => (one === day ? !on : days.includes(one))))}
              sx={{ minWidth: 48, px: 1 }}
            >
              {name.format(Date.UTC(2024, 0, day))}
            </Button>
          );
        })}
      </Box>
      {days.length === 0 && (
        <Typography variant="caption" color="text.secondary">
          {translate('setup.pool.drop.byHand')}
        </Typography>
      )}
    </Box>
  );
};

/** A drop: when its rounds open, how leads are given out, and how many. */
export const DropIn = ({ policyKey }: { policyKey: string }) => {
  const translate = useTranslate();
  const { pools } = useDirectory();
  const mode = useField<string>('drop.mode').value ?? 'lottery';
  return (
    <>
      <SelectIn
        path="drop.mode"
        words="setup.pool.drop.mode"
        choices={(['lottery', 'timed'] as const).map((one) => ({ value: one, label: translate(`setup.pool.drop.modes.${one}`) }))}
        sx={{ maxWidth: 460 }}
      />
      <DaysIn />
      <Row>
        <TextIn path="drop.at" words="setup.pool.drop.at" sx={{ width: 140 }} />
        <NumberIn path="drop.leads" words="setup.pool.drop.leads" min={1} max={500} />
        {mode === 'lottery' && (
          <>
            <SecondsIn path="drop.windowSeconds" words="setup.pool.drop.window" minimum={1} />
            <NumberIn path="drop.perPerson" words="setup.pool.drop.perPerson" min={1} max={500} sx={{ width: 190 }} />
          </>
        )}
      </Row>
      {mode === 'lottery' && (
        <Row>
          <SelectIn
            path="drop.weight"
            words="setup.pool.drop.weight"
            choices={(['balance', 'equal'] as const).map((one) => ({ value: one, label: translate(`setup.pool.drop.weights.${one}`) }))}
            sx={{ minWidth: 280 }}
          />
          <NumberIn path="drop.balanceDays" words="setup.pool.drop.balanceDays" min={1} max={365} sx={{ width: 200 }} />
        </Row>
      )}
      <SelectIn
        path="drop.into"
        words={mode === 'lottery' ? 'setup.pool.drop.rest' : 'setup.pool.drop.into'}
        choices={pools.filter((pool) => pool.value !== policyKey)}
        none={mode === 'lottery' ? translate('setup.pool.drop.stay') : undefined}
        sx={{ maxWidth: 360 }}
      />
    </>
  );
};
