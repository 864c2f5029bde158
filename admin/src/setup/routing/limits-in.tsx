import type { LoadLimit, PeriodCap, RoutingRule } from '@leadsea/lead-routing/contracts/rule';
import { CAP_COUNTS, CAP_PERIODS, CAP_SCOPES, LOAD_SCOPES } from '../../../../plugins/lead-routing/contracts/constants';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, NumberIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { SecondsIn } from '../pools/pool-form';
import { Plain } from './plain';

const SingleCap = ({ path }: { path: string }) => {
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

const CapRow = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const cap = useField<PeriodCap>(path).value;
  const choices = (prefix: string, keys: readonly string[]) =>
    keys.map((key) => ({ value: key, label: translate(`setup.routing.${prefix}.${key}`) }));
  return (
    <Row>
      <SelectIn path={`${path}.scope`} words="setup.routing.capScope" choices={choices('capScopes', CAP_SCOPES)} />
      <SelectIn path={`${path}.per`} words="setup.routing.capPer" choices={choices('caps', CAP_PERIODS)} />
      {cap?.per === 'rolling' && <SecondsIn path={`${path}.seconds`} words="setup.routing.capSeconds" minimum={60} />}
      <NumberIn path={`${path}.max`} words="setup.routing.capMax" min={0} sx={{ width: 110 }} />
      <ManyIn path={`${path}.counts`} words="setup.routing.capCounts" choices={choices('counts', CAP_COUNTS)} />
    </Row>
  );
};

const LimitRow = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const limit = useField<LoadLimit>(path).value;
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Row>
        <SelectIn
          path={`${path}.scope`}
          words="setup.routing.limitScope"
          choices={LOAD_SCOPES.map((key) => ({ value: key, label: translate(`setup.routing.limitScopes.${key}`) }))}
        />
        <NumberIn path={`${path}.max`} words="setup.routing.capMax" min={0} sx={{ width: 130 }} />
      </Row>
      <LabelIn path={`${path}.label`} words="setup.routing.limitLabel" />
      {limit?.scope !== 'group' && <ConditionIn path={`${path}.leads`} words="setup.routing.limitLeads" />}
    </Box>
  );
};

/** Caps per period and limits of open leads of one rule. */
export const LimitsIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Typography variant="subtitle2">{translate('setup.routing.limits')}</Typography>
      <SingleCap path={`${path}.periodCap`} />
      <ListIn<PeriodCap>
        path={`${path}.caps`}
        add={translate('setup.routing.addCap')}
        blank={() => ({ scope: 'person', per: 'day', seconds: 86_400, max: 20, counts: [] })}
        render={(cap) => <CapRow path={cap} />}
      />
      <ListIn<LoadLimit>
        path={`${path}.loadLimits`}
        add={translate('setup.routing.addLimit')}
        blank={() => ({ scope: 'group', max: 50, label: { zh: '本规则持有量', en: 'Held from this rule' } })}
        render={(limit) => <LimitRow path={limit} />}
      />
    </Box>
  );
};
