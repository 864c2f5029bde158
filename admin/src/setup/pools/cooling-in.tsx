import { Box, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import { useText } from '../../common/text';
import { SpanInput } from '../../conditions/span-input';
import { useField } from '../kit/form-context';
import { NumberIn, SwitchIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { LEAVE_WAYS } from './choices';
import { MaybeSpanIn, RULE_UNITS, SecondsIn, TimeKindIn } from './span-parts';

type Said = 'usual' | 'none' | 'own';
const saidOf = (value: string | null | undefined): Said => (value === undefined ? 'usual' : value === null ? 'none' : 'own');

/** One line: a way or reason of leaving, and whether it waits as usual, not at all, or a time of its own. */
const OwnWait = ({ path, label }: { path: string; label: string }) => {
  const translate = useTranslate();
  const field = useField<string | null>(path);
  const said = saidOf(field.value);
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: 1 }}>
      <Typography variant="body2" sx={{ minWidth: 150, flex: { xs: 1, sm: 'none' } }}>
        {label}
      </Typography>
      <TextField
        select
        value={said}
        disabled={field.readOnly}
        onChange={(event) => field.set({ usual: undefined, none: null, own: 'P7D' }[event.target.value as Said])}
        slotProps={{ htmlInput: { 'aria-label': label } }}
        sx={{ width: 130 }}
      >
        {(['usual', 'none', 'own'] as const).map((one) => (
          <MenuItem key={one} value={one}>
            {translate(`setup.pool.wait.${one}`)}
          </MenuItem>
        ))}
      </TextField>
      {said === 'own' && (
        <SpanInput value={field.value} onChange={field.set} units={RULE_UNITS} ariaLabel={label} disabled={field.readOnly} />
      )}
    </Box>
  );
};

/** How long former owners wait, and how long new leads rest. */
export const CoolingIn = () => {
  const translate = useTranslate();
  const text = useText();
  const { releaseReasons } = useMeta();
  return (
    <>
      <Row>
        <MaybeSpanIn path="cooling.after" words="setup.pool.cooling" usual="P7D" off={null} />
        <TimeKindIn path="cooling.time" span="cooling.after" />
      </Row>
      <Row>
        <NumberIn path="cooling.owners" words="setup.pool.coolingOwners" min={1} max={20} optional sx={{ width: 240 }} />
        <SwitchIn path="cooling.team" words="setup.pool.coolingTeam" />
      </Row>
      <Box sx={{ display: 'grid', gap: 1 }}>
        <Typography variant="subtitle2">{translate('setup.pool.coolingWays')}</Typography>
        {LEAVE_WAYS.map((way) => (
          <OwnWait key={way} path={`cooling.ways.${way}`} label={translate(`setup.pool.way.${way}`)} />
        ))}
      </Box>
      <Box sx={{ display: 'grid', gap: 1 }}>
        <Typography variant="subtitle2">{translate('setup.pool.coolingReasons')}</Typography>
        {releaseReasons.map((reason) => (
          <OwnWait key={reason.value} path={`cooling.reasons.${reason.value}`} label={text(reason.label)} />
        ))}
      </Box>
      <SecondsIn path="embargoSeconds" words="setup.pool.embargo" />
    </>
  );
};
