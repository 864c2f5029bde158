import ExpandIcon from '@mui/icons-material/ExpandMore';
import { Box, Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { ConditionIn, NumberIn, SelectIn, SwitchIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { useOpenFor } from '../kit/target';
import { Pauses } from './agreement-sections';
import { SecondsIn } from '../pools/pool-form';
import { useChoices } from './metric-form';

const FEW_NEED = [
  ...['pause', 'resume', 'pauses', 'cancel', 'reset', 'clockOwner', 'cycleMode', 'targetChange', 'calendarSource', 'startAt'],
  ...['whenStartNoLongerMet', 'maxHops', 'backdateSeconds', 'maxActionDelaySeconds', 'respectOwnerLeave', 'actOnTargetChange'],
];

/** Settings that few contracts need, closed at first. */
export const MoreSettings = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const [open, setOpen] = useState(false);
  useOpenFor(
    FEW_NEED.map((name) => `${path}.${name}`),
    () => setOpen(true),
  );
  const cycles = useChoices('cycles', ['first_only', 'new_cycle', 'resume', 'continue']);
  const owners = useChoices('clockOwners', ['lead', 'owner', 'owner_remaining', 'stint']);
  const changes = useChoices('targetChanges', ['default', 'keep', 'restart', 'retroactive', 'proportional']);
  const sources = useChoices('calendarSources', ['fixed', 'team', 'owner']);
  const starts = useChoices('startFields', ['captured', 'stage', 'held']);
  const losing = useChoices('losing', ['continue', 'cancel']);
  return (
    <Box>
      <Button
        color="inherit"
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        endIcon={<ExpandIcon sx={{ transform: open ? 'rotate(180deg)' : 'none' }} />}
      >
        {translate('setup.sla.more')}
      </Button>
      {open && (
        <Box sx={{ display: 'grid', gap: 2, mt: 1.5, '& > *': { minWidth: 0 } }}>
          <ConditionIn path={`${path}.pause`} words="setup.sla.pause" empty="never" />
          <ConditionIn path={`${path}.resume`} words="setup.sla.agree.resume" empty="never" />
          <Pauses path={path} />
          <ConditionIn path={`${path}.cancel`} words="setup.sla.cancel" empty="never" />
          <ConditionIn path={`${path}.reset.when`} words="setup.sla.agree.reset" empty="never" />
          <Row>
            <SelectIn path={`${path}.clockOwner`} words="setup.sla.clockOwner" choices={owners} sx={{ width: 300 }} />
            <SelectIn path={`${path}.cycleMode`} words="setup.sla.cycle" choices={cycles} sx={{ width: 300 }} />
            <SelectIn path={`${path}.targetChange`} words="setup.sla.targetChange" choices={changes} sx={{ width: 300 }} />
            <SelectIn path={`${path}.calendarSource`} words="setup.sla.calendarSource" choices={sources} sx={{ width: 300 }} />
            <SelectIn
              path={`${path}.startAt`}
              words="setup.sla.startAt"
              choices={starts}
              none={translate('setup.sla.startNow')}
              sx={{ width: 300 }}
            />
            <SelectIn path={`${path}.whenStartNoLongerMet`} words="setup.sla.startLost" choices={losing} sx={{ width: 300 }} />
          </Row>
          <Row>
            <NumberIn path={`${path}.maxHops`} words="setup.sla.maxHops" min={0} max={20} sx={{ width: 300 }} />
            <SecondsIn path={`${path}.backdateSeconds`} words="setup.sla.backdate" />
            <SecondsIn path={`${path}.maxActionDelaySeconds`} words="setup.sla.agree.maxDelay" />
          </Row>
          <SwitchIn path={`${path}.respectOwnerLeave`} words="setup.sla.agree.respectLeave" />
          <SwitchIn path={`${path}.actOnTargetChange`} words="setup.sla.agree.actOnTarget" />
        </Box>
      )}
    </Box>
  );
};
