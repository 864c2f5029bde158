import type { LadderStep, RoutingPolicy } from '@leadsea/lead-routing/contracts/policy';
import { LADDER_ACTIONS, RETURNS } from '../../../../plugins/lead-routing/contracts/constants';
import { Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ManyIn, NumberIn, SelectIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { SecondsIn } from '../pools/pool-form';
import { Plain } from './plain';

/** whether people accept what they are given. */
export const AcceptanceIn = () => {
  const translate = useTranslate();
  const mode = useField<RoutingPolicy['acceptance']['mode']>('acceptance.mode').value ?? 'off';
  return (
    <Section title={translate('setup.routing.acceptance')} help={translate('setup.routing.acceptanceHelp')}>
      <Row>
        <SelectIn
          path="acceptance.mode"
          words="setup.routing.acceptanceMode"
          choices={(['off', 'optional', 'required'] as const).map((one) => ({
            value: one,
            label: translate(`setup.routing.modes.${one}`),
          }))}
          sx={{ width: 280 }}
        />
        {mode !== 'off' && <SecondsIn path="acceptance.rejectSeconds" words="setup.routing.rejectSeconds" minimum={60} />}
      </Row>
      {mode === 'required' && (
        <Row>
          <SecondsIn path="acceptance.acceptSeconds" words="setup.routing.acceptSeconds" minimum={60} />
          <SelectIn
            path="acceptance.onExpire"
            words="setup.routing.onExpire"
            choices={(['reroute', 'notify'] as const).map((one) => ({ value: one, label: translate(`setup.routing.expire.${one}`) }))}
          />
        </Row>
      )}
      {mode !== 'off' && (
        <NumberIn path="acceptance.alertPercent" words="setup.routing.alertPercent" min={1} max={100} sx={{ width: 280 }} />
      )}
    </Section>
  );
};

/** what comes back soon counts against nobody. */
export const ReturnsIn = () => {
  const translate = useTranslate();
  return (
    <Section title={translate('setup.routing.returns')} help={translate('setup.routing.returnsHelp')}>
      <Row>
        <NumberIn path="returns.minutes" words="setup.routing.returnMinutes" min={0} max={10_080} sx={{ width: 260 }} />
        <ManyIn
          path="returns.reasons"
          words="setup.routing.returnReasons"
          choices={RETURNS.reasons.map((one) => ({ value: one, label: translate(`setup.routing.returnWords.${one}`) }))}
          free
        />
      </Row>
    </Section>
  );
};

const StepRow = ({ path, index }: { path: string; index: number }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const action = useField<LadderStep>(path).value?.action;
  return (
    <Row>
      <SecondsIn path={`${path}.wait`} words={index === 0 ? 'setup.routing.waitFirst' : 'setup.routing.wait'} />
      <SelectIn
        path={`${path}.action`}
        words="setup.routing.step"
        choices={LADDER_ACTIONS.map((one) => ({ value: one, label: translate(`setup.routing.steps.${one}`) }))}
        sx={{ width: 260 }}
      />
      {(action === 'pool' || action === 'offer') && <SelectIn path={`${path}.pool`} words="setup.routing.pool" choices={directory.pools} />}
    </Row>
  );
};

/** what happens after a missed deadline, and when not. */
export const RerouteIn = () => {
  const translate = useTranslate();
  const offline = useField<RoutingPolicy['autoOffline']>('autoOffline');
  return (
    <Section title={translate('setup.routing.reroute')} help={translate('setup.routing.rerouteHelp')}>
      <Typography variant="subtitle2">{translate('setup.routing.ladder')}</Typography>
      <ListIn<LadderStep>
        path="reroute.ladder"
        sortable
        numbered
        empty={translate('setup.routing.noLadder')}
        add={translate('setup.routing.addStep')}
        blank={(steps) => ({ wait: steps.length === 0 ? 0 : 900, action: steps.length === 0 ? 'notify-owner' : 'reassign' })}
        render={(path, _step, index) => <StepRow path={path} index={index} />}
      />
      <Row>
        <NumberIn path="reroute.maxHops" words="setup.routing.maxHops" min={0} max={20} sx={{ width: 200 }} />
        <NumberIn path="reroute.excludeLast" words="setup.routing.excludeLast" min={1} max={50} sx={{ width: 200 }} />
        <SelectIn
          path="reroute.onExhausted"
          words="setup.routing.onExhausted"
          choices={(['manager', 'otherwise'] as const).map((one) => ({ value: one, label: translate(`setup.routing.exhausted.${one}`) }))}
        />
      </Row>
      <SwitchIn path="reroute.keepForMeeting" words="setup.routing.keepForMeeting" />
      <SwitchIn path="reroute.onlyInHours" words="setup.routing.onlyInHours" />
      <Row>
        <Plain
          label={translate('setup.routing.autoOffline')}
          value={offline.value ? 'on' : 'off'}
          disabled={offline.readOnly}
          choices={['off', 'on'].map((one) => ({ value: one, label: translate(`setup.routing.offline.${one}`) }))}
          onChange={(chosen) => offline.set(chosen === 'on' ? { breaches: 3 } : null)}
        />
        {offline.value && <NumberIn path="autoOffline.breaches" words="setup.routing.breaches" min={1} max={100} sx={{ width: 200 }} />}
      </Row>
    </Section>
  );
};
