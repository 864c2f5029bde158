import type { OnEmpty, RoutingRule } from '@leadsea/lead-routing/contracts/rule';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, SelectIn, SwitchIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { SecondsIn } from '../pools/pool-form';
import { DestinationIn, MemberIn } from './destination-in';
import { FiltersIn } from './filters-in';
import { LimitsIn } from './limits-in';
import { Plain } from './plain';
import { RankingIn } from './ranking-in';

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

/** One rule: which leads, to whom, how one of several is chosen, and what happens when nobody is free. */
export const RuleForm = ({ path }: { path: string }) => {
  const rule = useField<RoutingRule>(path).value;
  const people = !['pool', 'hold'].includes(rule?.destination.kind ?? 'pool');
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.routing.ruleLabel" />
      <ConditionIn path={`${path}.when`} words="setup.routing.when" />
      <DestinationIn path={`${path}.destination`} />
      {people && (
        <>
          <RankingIn path={path} />
          <FiltersIn path={path} />
          <LimitsIn path={path} />
          <OnEmptyIn path={path} />
          <SwitchIn path={`${path}.tellWhenEmpty`} words="setup.routing.tellWhenEmpty" />
        </>
      )}
    </>
  );
};
