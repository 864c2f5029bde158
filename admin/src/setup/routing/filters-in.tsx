import type { RuleFilters } from '@leadsea/lead-routing/contracts/rule';
import { CONSENT_CHANNELS } from '../../../../plugins/lead-routing/contracts/constants';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { ConditionIn, NumberIn, SelectIn, SwitchIn, TextIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { SecondsIn } from '../pools/pool-form';
import { Plain } from './plain';
import { useLeadFields } from './ranking-in';

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

/** Unless something else is said: whoever has not forbidden this channel. */
const allowed = (channel: string) => ({
  combinator: 'and',
  rules: [{ field: `consent.${channel}`, operator: '!=', value: 'withdrawn' }],
});

const Consent = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<RuleFilters['consent']>(path);
  return (
    <>
      <Plain
        label={translate('setup.routing.consent')}
        value={field.value?.channel ?? 'none'}
        disabled={field.readOnly}
        choices={['none', ...CONSENT_CHANNELS].map((one) => ({ value: one, label: translate(`setup.routing.channels.${one}`) }))}
        onChange={(chosen) => field.set(chosen === 'none' ? null : { channel: chosen, when: field.value?.when ?? allowed(chosen) })}
      />
      {field.value && <ConditionIn path={`${path}.when`} words="setup.routing.consentWhen" optional={false} />}
    </>
  );
};

/** Who is left out of a rule, each with a reason the person can read. */
export const FiltersIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const fields = useLeadFields();
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="subtitle2">{translate('setup.routing.filters')}</Typography>
      <SwitchIn path={`${path}.filters.capacity`} words="setup.routing.capacity" />
      <SwitchIn path={`${path}.filters.language`} words="setup.routing.language" />
      <WorkingHours path={`${path}.filters.workingHours`} />
      <Row>
        <SelectIn
          path={`${path}.filters.territory`}
          words="setup.routing.territory"
          choices={fields}
          none={translate('setup.routing.anyTerritory')}
        />
        <NumberIn path={`${path}.filters.excludePrevious`} words="setup.routing.excludePrevious" min={0} max={50} sx={{ width: 220 }} />
        <NumberIn path={`${path}.filters.coolingDays`} words="setup.routing.coolingDays" min={0} max={3650} sx={{ width: 220 }} />
      </Row>
      <ListIn<RuleFilters['skills'][number]>
        path={`${path}.filters.skills`}
        add={translate('setup.routing.addSkill')}
        blank={() => ({ skill: '' })}
        render={(skill) => (
          <Row>
            <TextIn path={`${skill}.skill`} words="setup.routing.skill" sx={{ maxWidth: 280 }} />
            <SelectIn
              path={`${skill}.from`}
              words="setup.routing.skillFrom"
              choices={fields}
              none={translate('setup.routing.skillFixed')}
            />
          </Row>
        )}
      />
      <Consent path={`${path}.filters.consent`} />
    </Box>
  );
};
