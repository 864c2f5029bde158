import type { BehaviourRule } from '@leadsea/lead-grading/contracts/model';
import { MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useField } from '../kit/form-context';
import { LabelIn, NumberIn, SelectIn, SpanIn } from '../kit/inputs';
import { Row } from '../kit/section';
import { GroupIn } from './fit-rule';
import { OptionalText, useBehaviourKinds } from './frequency-in';

/** One rule about what the lead does: which behaviour, how many points, how often. */
export const BehaviourRuleForm = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const kinds = useBehaviourKinds();
  const repeat = useField<BehaviourRule['repeat']>(`${path}.repeat`);
  const mode = typeof repeat.value === 'object' ? 'max' : (repeat.value ?? 'each');
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.grading.ruleLabel" />
      <Row>
        <SelectIn path={`${path}.kind`} words="setup.grading.kind" choices={kinds} sx={{ minWidth: 170 }} />
        <NumberIn path={`${path}.points`} words="setup.grading.points" min={-1000} max={1000} sx={{ width: 110 }} />
        <GroupIn path={`${path}.group`} axis="engagement" />
      </Row>
      <Row>
        <OptionalText path={`${path}.match`} words="setup.grading.match" />
        <OptionalText path={`${path}.product`} words="setup.grading.product" />
      </Row>
      <Row>
        <TextField
          select
          label={translate('setup.grading.repeat')}
          value={mode}
          disabled={repeat.readOnly}
          onChange={(event) => repeat.set(event.target.value === 'max' ? { max: 1, within: 'P1D' } : event.target.value)}
          sx={{ minWidth: 220 }}
        >
          {(['each', 'once', 'oncePerAsset', 'max'] as const).map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.grading.repeats.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        {mode === 'max' && (
          <>
            <NumberIn path={`${path}.repeat.max`} words="setup.grading.times" min={1} max={1000} sx={{ width: 110 }} />
            <SpanIn path={`${path}.repeat.within`} words="setup.grading.within" units={['hour', 'day']} />
          </>
        )}
        <NumberIn path={`${path}.cap`} words="setup.grading.ruleCap" min={0} optional sx={{ width: 190 }} />
      </Row>
    </>
  );
};
