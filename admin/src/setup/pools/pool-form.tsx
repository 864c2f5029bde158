import type { Pool, PoolKind } from '@leadsea/lead-pools/contracts/pool';
import GroupIcon from '@mui/icons-material/GroupsOutlined';
import DropIcon from '@mui/icons-material/CasinoOutlined';
import EntryIcon from '@mui/icons-material/LoginOutlined';
import FairIcon from '@mui/icons-material/BalanceOutlined';
import FieldIcon from '@mui/icons-material/VisibilityOutlined';
import FollowIcon from '@mui/icons-material/FactCheckOutlined';
import LimitIcon from '@mui/icons-material/SpeedOutlined';
import NextIcon from '@mui/icons-material/SkipNextOutlined';
import PoolIcon from '@mui/icons-material/WavesOutlined';
import RecycleIcon from '@mui/icons-material/AutorenewOutlined';
import RestIcon from '@mui/icons-material/AcUnitOutlined';
import ShieldIcon from '@mui/icons-material/ShieldOutlined';
import StartIcon from '@mui/icons-material/RocketLaunchOutlined';
import TiredIcon from '@mui/icons-material/BatteryAlertOutlined';
import { Box, ButtonBase, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField, useForm } from '../kit/form-context';
import { SelectIn, SwitchIn, TextIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { DROP_DEFAULTS, POOL_KINDS, PULL_DEFAULTS } from './choices';
import { CoolingIn } from './cooling-in';
import { EntryIn } from './entry-in';
import { ExhaustedIn, FairPlayIn, StartIn } from './fairness-in';
import { FieldsIn } from './fields-in';
import { Fold } from './fold';
import { FollowUpIn } from './follow-up-in';
import { DropIn, PullIn } from './hand-out-in';
import { LimitsIn } from './limits-in';
import { MembersIn } from './members-in';
import { ProtectionIn } from './protection-in';
import { RecycleIn } from './recycle-in';
import { useSummaries } from './summaries';

export { SecondsIn } from './span-parts';

const KindIn = () => {
  const translate = useTranslate();
  const { set, readOnly } = useForm();
  const kind = useField<PoolKind>('kind').value ?? 'claimable';
  const pull = useField<Pool['pull']>('pull').value;
  const drop = useField<Pool['drop']>('drop').value;
  const choose = (next: PoolKind): void => {
    set('kind', next);
    if (next === 'pull' && !pull) set('pull', PULL_DEFAULTS);
    if (next === 'drop' && !drop) set('drop', DROP_DEFAULTS);
  };
  return (
    <Box
      role="radiogroup"
      aria-label={translate('setup.pool.kind')}
      sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}
    >
      {POOL_KINDS.map((one) => (
        <ButtonBase
          key={one}
          role="radio"
          aria-checked={one === kind}
          disabled={readOnly}
          onClick={() => choose(one)}
          sx={{
            display: 'block',
            textAlign: 'left',
            p: 1.25,
            borderRadius: 1,
            border: 1,
            borderColor: one === kind ? 'primary.main' : 'divider',
            boxShadow: (theme) => (one === kind ? `inset 0 0 0 1px ${theme.palette.primary.main}` : 'none'),
          }}
        >
          <Typography variant="body2" fontWeight={600}>
            {translate(`setup.pool.kinds.${one}`)}
          </Typography>
          <Typography variant="caption" color="text.secondary">
            {translate(`setup.pool.kindHelp.${one}`)}
          </Typography>
        </ButtonBase>
      ))}
    </Box>
  );
};

const Basics = () => {
  const translate = useTranslate();
  const { calendars } = useDirectory();
  return (
    <>
      <KindIn />
      <TextIn path="description" words="setup.pool.description" multiline />
      <Row>
        <TextIn path="group" words="setup.pool.group" sx={{ maxWidth: 260 }} />
        <SelectIn path="calendar" words="setup.pool.calendar" choices={calendars} none={translate('setup.kit.companyCalendar')} />
      </Row>
      <SwitchIn path="isDefault" words="setup.pool.isDefault" />
    </>
  );
};

/** The body of a pool in sections: each says in a sentence what it decides, and opens to be changed. */
export const PoolForm = ({ policyKey }: { policyKey: string }) => {
  const translate = useTranslate();
  const kind = useField<PoolKind>('kind').value ?? 'claimable';
  const say = useSummaries();
  const words = (name: string): { name: string; title: string; help: string } => ({
    name,
    title: translate(`setup.pool.section.${name}`),
    help: translate(`setup.pool.sectionHelp.${name}`),
  });
  return (
    <>
      <Fold {...words('basics')} icon={<PoolIcon />} summary={say.basics} paths={['kind', 'description', 'group', 'calendar', 'isDefault']}>
        <Basics />
      </Fold>
      <Fold {...words('members')} icon={<GroupIcon />} summary={say.members} paths={['members']}>
        <MembersIn />
      </Fold>
      <Fold {...words('fields')} icon={<FieldIcon />} summary={say.fields} paths={['fields']}>
        <FieldsIn />
      </Fold>
      <Fold {...words('entry')} icon={<EntryIcon />} summary={say.entry} paths={['entry']}>
        <EntryIn policyKey={policyKey} />
      </Fold>
      {kind === 'pull' && (
        <Fold {...words('pull')} icon={<NextIcon />} summary={say.pull} paths={['pull']}>
          <PullIn />
        </Fold>
      )}
      {kind === 'drop' && (
        <Fold {...words('drop')} icon={<DropIcon />} summary={say.drop} paths={['drop']}>
          <DropIn policyKey={policyKey} />
        </Fold>
      )}
      {kind !== 'assigned' && (
        <>
          <Fold {...words('limits')} icon={<LimitIcon />} summary={say.limits} paths={['limits']}>
            <LimitsIn />
          </Fold>
          <Fold {...words('cooling')} icon={<RestIcon />} summary={say.cooling} paths={['cooling', 'embargoSeconds']}>
            <CoolingIn />
          </Fold>
        </>
      )}
      <Fold {...words('recycle')} icon={<RecycleIcon />} summary={say.recycle} paths={['recycle']}>
        <RecycleIn />
      </Fold>
      <Fold {...words('followUp')} icon={<FollowIcon />} summary={say.followUp} paths={['followUp']}>
        <FollowUpIn />
      </Fold>
      <Fold {...words('protection')} icon={<ShieldIcon />} summary={say.protection} paths={['protection']}>
        <ProtectionIn />
      </Fold>
      <Fold {...words('exhausted')} icon={<TiredIcon />} summary={say.exhausted} paths={['exhausted']}>
        <ExhaustedIn />
      </Fold>
      <Fold {...words('fairPlay')} icon={<FairIcon />} summary={say.fairPlay} paths={['fairPlay']}>
        <FairPlayIn />
      </Fold>
      <Fold {...words('start')} icon={<StartIcon />} summary={say.start} paths={['graceAfterPublish', 'staged']}>
        <StartIn />
      </Fold>
    </>
  );
};
