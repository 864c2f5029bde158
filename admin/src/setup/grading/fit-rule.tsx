import type { FitRule } from '@leadsea/lead-grading/contracts/model';
import CloseIcon from '@mui/icons-material/Close';
import { Box, Button, IconButton, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useFacts } from '../../conditions/use-facts';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, type Choice } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { FrequencyIn } from './frequency-in';

type Bands = Extract<FitRule, { type: 'bands' }>['bands'];

/** The groups of an axis, to put a rule into one. */
export const GroupIn = ({ path, axis }: { path: string; axis: 'fit' | 'engagement' | 'intent' | 'none' }) => {
  const translate = useTranslate();
  const text = useText();
  const groups = useField<{ key: string; label: { zh: string; en: string } }[]>(`${axis}.groups`).value ?? [];
  const field = useField<string | undefined>(path);
  if (groups.length === 0) return null;
  return (
    <TextField
      select
      label={translate('setup.grading.group')}
      value={field.value ?? ''}
      disabled={field.readOnly}
      onChange={(event) => field.set(event.target.value || undefined)}
      sx={{ minWidth: 160 }}
    >
      <MenuItem value="">{translate('setup.kit.none')}</MenuItem>
      {groups.map((group) => (
        <MenuItem key={group.key} value={group.key}>
          {text(group.label)}
        </MenuItem>
      ))}
    </TextField>
  );
};

/** Points per value; of a fact with options these are chosen by name. */
const ValuesIn = ({ path, fact }: { path: string; fact: string | null }) => {
  const translate = useTranslate();
  const text = useText();
  const options = useFacts('lead').byKey.get(fact ?? '')?.options ?? [];
  const field = useField<Record<string, number>>(path);
  const entries = Object.entries(field.value ?? {});
  const write = (next: [string, number][]): void => field.set(Object.fromEntries(next));
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {entries.map(([value, points], index) => (
        <Box key={index} sx={{ display: 'flex', gap: 1 }}>
          <TextField
            select={options.length > 0}
            label={translate('setup.condition.value')}
            value={value}
            disabled={field.readOnly}
            onChange={(event) => write(entries.map((entry, at) => (at === index ? [event.target.value, points] : entry)))}
            sx={{ flex: 1, maxWidth: 260 }}
          >
            {value !== '' && !options.some((option) => option.value === value) && <MenuItem value={value}>{value}</MenuItem>}
            {options.map((option) => (
              <MenuItem
                key={option.value}
                value={option.value}
                disabled={option.value !== value && entries.some(([taken]) => taken === option.value)}
              >
                {text(option.label) || option.value}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            type="number"
            label={translate('setup.grading.points')}
            value={points}
            disabled={field.readOnly}
            onChange={(event) => write(entries.map((entry, at) => (at === index ? [value, Number(event.target.value)] : entry)))}
            sx={{ width: 110 }}
          />
          {!field.readOnly && (
            <IconButton aria-label={translate('setup.kit.remove')} onClick={() => write(entries.filter((_entry, at) => at !== index))}>
              <CloseIcon fontSize="small" />
            </IconButton>
          )}
        </Box>
      ))}
      {!field.readOnly && !entries.some(([value]) => value === '') && (
        <Button sx={{ justifySelf: 'start' }} onClick={() => write([...entries, ['', 5]])}>
          {translate('setup.grading.addValue')}
        </Button>
      )}
    </Box>
  );
};

/** The fact whose values give points; a fact that is a list is compared item by item. */
const FactIn = ({ path, choices }: { path: string; choices: readonly Choice[] }) => {
  const translate = useTranslate();
  const facts = useFacts('lead');
  const rule = useField<FitRule>(path);
  const { value } = rule;
  if (!value || value.type === 'condition' || value.type === 'frequency') return null;
  const choose = (field: string): void => {
    const isList = facts.byKey.get(field)?.type === 'multiselect';
    rule.set({ ...value, field, ...(value.type === 'values' ? { operator: isList ? 'hasAny' : 'in' } : {}) });
  };
  return (
    <TextField
      select
      label={translate('setup.condition.field')}
      value={value.field}
      disabled={rule.readOnly}
      onChange={(event) => choose(event.target.value)}
      sx={{ minWidth: 200 }}
    >
      {choices.map((choice) => (
        <MenuItem key={choice.value} value={choice.value}>
          {choice.label}
        </MenuItem>
      ))}
    </TextField>
  );
};

const shapes = (rule: FitRule, type: FitRule['type'], field: string): FitRule => {
  const { key, label, group } = rule;
  const base = { key, label, ...(group ? { group } : {}) };
  if (type === 'condition') return { ...base, type, points: 10, when: { combinator: 'and', rules: [] } };
  if (type === 'values') return { ...base, type, field, operator: 'in', values: {} };
  if (type === 'frequency') return { ...base, type, kind: 'visit', rows: [{ min: 3, within: 'P7D', points: 20 }] };
  return { ...base, type, field: 'lead.employees', bands: [{ from: 0, to: 100, points: 10 }] };
};

/** One rule about who the lead is: a condition, points per value, or points per range of a number. */
export const FitRuleForm = ({ path, axis = 'fit' }: { path: string; axis?: 'fit' | 'intent' | 'none' }) => {
  const translate = useTranslate();
  const text = useText();
  const facts = useFacts('lead');
  const rule = useField<FitRule>(path);
  const type = rule.value?.type ?? 'condition';
  const numbers = ['number', 'count', 'duration'];
  const choices: Choice[] = facts.list
    .filter(
      (fact) =>
        !fact.args && (type === 'bands' ? numbers.includes(fact.type) : ['text', 'select', 'multiselect', 'boolean'].includes(fact.type)),
    )
    .map((fact) => ({ value: fact.key, label: text(fact.label) || fact.key }));
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.grading.ruleLabel" />
      <Row>
        <TextField
          select
          label={translate('setup.grading.ruleType')}
          value={type}
          disabled={rule.readOnly}
          onChange={(event) => rule.value && rule.set(shapes(rule.value, event.target.value as FitRule['type'], 'lead.industry'))}
          sx={{ minWidth: 200 }}
        >
          {(['condition', 'values', 'bands', 'frequency'] as const).map((one) => (
            <MenuItem key={one} value={one}>
              {translate(`setup.grading.ruleTypes.${one}`)}
            </MenuItem>
          ))}
        </TextField>
        {type === 'condition' ? (
          <NumberIn path={`${path}.points`} words="setup.grading.points" min={-1000} max={1000} />
        ) : (
          <FactIn path={path} choices={choices} />
        )}
        <GroupIn path={`${path}.group`} axis={axis} />
      </Row>
      {type === 'condition' && <ConditionIn path={`${path}.when`} words="setup.grading.when" optional={false} />}
      {type === 'values' && (
        <>
          <ValuesIn path={`${path}.values`} fact={rule.value?.type === 'values' ? rule.value.field : null} />
          <NumberIn path={`${path}.otherwise`} words="setup.grading.otherwise" optional sx={{ width: 240 }} />
        </>
      )}
      {type === 'frequency' && <FrequencyIn path={path} />}
      {type === 'bands' && (
        <ListIn<Bands[number]>
          path={`${path}.bands`}
          add={translate('setup.grading.addBand')}
          blank={(bands) => ({ from: bands.at(-1)?.to, points: 10 })}
          render={(band) => (
            <Row>
              <NumberIn path={`${band}.from`} words="setup.grading.bandFrom" optional sx={{ width: 120 }} />
              <NumberIn path={`${band}.to`} words="setup.grading.bandTo" optional sx={{ width: 120 }} />
              <NumberIn path={`${band}.points`} words="setup.grading.points" min={-1000} max={1000} sx={{ width: 110 }} />
            </Row>
          )}
        />
      )}
    </>
  );
};
