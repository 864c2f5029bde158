import type { OnEmpty, RoutingRule, RuleFilters } from '@leadsea/lead-routing/contracts/policy';
import { Box, MenuItem, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn, SwitchIn, TextIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { SecondsIn } from '../pools/pool-form';
import { DestinationIn, MemberIn } from './destination-in';

const Plain = (props: {
  label: string;
  value: string;
  disabled: boolean;
  choices: readonly Choice[];
  onChange: (value: string) => void;
  help?: string;
}) => (
  <TextField
    select
    label={props.label}
    helperText={props.help}
    value={props.value}
    disabled={props.disabled}
    onChange={(event) => props.onChange(event.target.value)}
    sx={{ minWidth: 240 }}
  >
    {props.choices.map((choice) => (
      <MenuItem key={choice.value} value={choice.value}>
        {choice.label}
      </MenuItem>
    ))}
  </TextField>
);

const WorkingHours = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<RuleFilters['workingHours']>(path);
  const mode = typeof field.value === 'object' ? 'within' : (field.value ?? 'ignore');
  return (
    <Row>
      <Plain
        label={translate('setup.routing.workingHours')}
        value={mode}
        disabled={field.readOnly}
        choices={['ignore', 'now', 'within'].map((one) => ({ value: one, label: translate(`setup.routing.hours.${one}`) }))}
        onChange={(chosen) => field.set(chosen === 'within' ? { withinSeconds: 14_400 } : chosen)}
      />
      {mode === 'within' && <SecondsIn path={`${path}.withinSeconds`} words="setup.routing.within" minimum={1} />}
    </Row>
  );
};

const OnEmptyIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const field = useField<OnEmpty>(`${path}.onEmpty`);
  const { value } = field;
  const mode = typeof value === 'object' ? ('pool' in value ? 'pool' : 'member') : (value ?? 'next');
  const choose = (chosen: string): void => {
    if (chosen === 'pool') return field.set({ pool: directory.pools[0]?.value ?? '' });
    field.set(chosen === 'member' ? { member: Number(directory.members[0]?.value) } : chosen);
  };
  return (
    <Row>
      <Plain
        label={translate('setup.routing.onEmpty')}
        help={translate('setup.routing.onEmptyHelp')}
        value={mode}
        disabled={field.readOnly}
        choices={['next', 'hold', 'pool', 'member'].map((one) => ({ value: one, label: translate(`setup.routing.whenEmpty.${one}`) }))}
        onChange={choose}
      />
      {mode === 'hold' && <SecondsIn path={`${path}.holdSeconds`} words="setup.routing.holdSeconds" minimum={60} />}
      {mode === 'pool' && <SelectIn path={`${path}.onEmpty.pool`} words="setup.routing.pool" choices={directory.pools} />}
      {mode === 'member' && <MemberIn path={`${path}.onEmpty.member`} words="setup.routing.member" />}
    </Row>
  );
};

const PeriodCap = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<RoutingRule['periodCap']>(path);
  return (
    <Row>
      <Plain
        label={translate('setup.routing.periodCap')}
        value={field.value?.per ?? 'none'}
        disabled={field.readOnly}
        choices={['none', 'day', 'week', 'month'].map((one) => ({ value: one, label: translate(`setup.routing.caps.${one}`) }))}
        onChange={(chosen) => field.set(chosen === 'none' ? null : { per: chosen, max: field.value?.max ?? 20 })}
      />
      {field.value && <NumberIn path={`${path}.max`} words="setup.routing.capMax" min={0} sx={{ width: 130 }} />}
    </Row>
  );
};

/** One rule: which leads, to whom, how one of several is chosen, and what happens when nobody is free. */
export const RuleForm = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const rule = useField<RoutingRule>(path).value;
  const people = !['pool', 'hold'].includes(rule?.destination.kind ?? 'pool');
  const choices = (prefix: string, keys: readonly string[]): Choice[] =>
    keys.map((key) => ({ value: key, label: translate(`setup.routing.${prefix}.${key}`) }));
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.routing.ruleLabel" />
      <ConditionIn path={`${path}.when`} words="setup.routing.when" />
      <DestinationIn path={`${path}.destination`} />
      {people && (
        <>
          <Row>
            <SelectIn
              path={`${path}.ranking`}
              words="setup.routing.ranking"
              choices={choices('rankings', ['weighted', 'least-recent', 'most-free-capacity'])}
              sx={{ width: 300 }}
            />
            <SelectIn
              path={`${path}.catchUp`}
              words="setup.routing.catchUp"
              choices={choices('catchUps', ['none', 'capped', 'full'])}
              sx={{ width: 300 }}
            />
          </Row>
          <Box sx={{ display: 'grid', gap: 1.5 }}>
            <Typography variant="subtitle2">{translate('setup.routing.filters')}</Typography>
            <SwitchIn path={`${path}.filters.capacity`} words="setup.routing.capacity" />
            <SwitchIn path={`${path}.filters.language`} words="setup.routing.language" />
            <WorkingHours path={`${path}.filters.workingHours`} />
            <NumberIn path={`${path}.filters.excludePrevious`} words="setup.routing.excludePrevious" min={0} max={50} sx={{ width: 260 }} />
            <ListIn<{ skill: string }>
              path={`${path}.filters.skills`}
              add={translate('setup.routing.addSkill')}
              blank={() => ({ skill: '' })}
              render={(skill) => <TextIn path={`${skill}.skill`} words="setup.routing.skill" sx={{ maxWidth: 280 }} />}
            />
            <PeriodCap path={`${path}.periodCap`} />
          </Box>
          <OnEmptyIn path={path} />
        </>
      )}
    </>
  );
};
