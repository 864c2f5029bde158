import AddIcon from '@mui/icons-material/Add';
import CloseIcon from '@mui/icons-material/Close';
import { Autocomplete, Box, Button, IconButton, MenuItem, TextField, ToggleButton, ToggleButtonGroup } from '@mui/material';
import type { ConditionRule, FactDescription } from '@leadsea/crm-core/contracts/condition';
import { useTranslate } from 'ra-core';
import { createContext, useContext } from 'react';
import type {
  ActionProps,
  CombinatorSelectorProps,
  FieldSelectorProps,
  NotToggleProps,
  OperatorSelectorProps,
  ValueEditorProps,
} from 'react-querybuilder';
import { useLocaleCode, useText } from '../common/text';
import { operatorLabel } from './operators';
import { SpanInput } from './span-input';
import { fitValue, groupOf } from './tree';
import type { Facts } from './use-facts';
import { ValueEditor } from './value-editor';

interface BuilderValue {
  facts: Facts;
  setRule: (path: readonly number[], change: (rule: ConditionRule) => ConditionRule) => void;
}
export const BuilderContext = createContext<BuilderValue | null>(null);

const useBuilder = (): BuilderValue => {
  const value = useContext(BuilderContext);
  if (!value) throw new Error('BuilderContext is missing above this control.');
  return value;
};

/** A new rule about a fact, with the first operator it offers. */
export const ruleOf = (fact: FactDescription): ConditionRule => {
  const operator = fact.operators[0] ?? '=';
  return { field: fact.key, operator, value: fitValue(fact, operator, undefined) };
};

const Arguments = ({ fact, rule, path }: { fact: FactDescription; rule: ConditionRule; path: readonly number[] }) => {
  const text = useText();
  const translate = useTranslate();
  const { setRule } = useBuilder();
  const set = (key: string, value: string) => setRule(path, (old) => ({ ...old, args: { ...old.args, [key]: value } }));
  return (
    <>
      {fact.args?.map((arg) => {
        const value = typeof rule.args?.[arg.key] === 'string' ? String(rule.args[arg.key]) : '';
        const label = translate(`setup.condition.args.${arg.key}`, { _: arg.key });
        if (arg.type === 'duration')
          return value ? (
            <Box key={arg.key} sx={{ display: 'flex', alignItems: 'center' }}>
              <SpanInput label={label} value={value} onChange={(iso) => set(arg.key, iso)} units={['hour', 'day', 'week']} />
              <IconButton onClick={() => set(arg.key, '')} aria-label={translate('setup.condition.anyTime')}>
                <CloseIcon sx={{ fontSize: 16 }} />
              </IconButton>
            </Box>
          ) : (
            <Button key={arg.key} variant="outlined" color="inherit" onClick={() => set(arg.key, 'P30D')}>
              {translate('setup.condition.anyTime')}
            </Button>
          );
        return (
          <TextField
            key={arg.key}
            select={arg.type === 'select'}
            label={label}
            value={value}
            onChange={(event) => set(arg.key, event.target.value)}
            sx={{ width: 150 }}
          >
            {arg.type === 'select' && [
              <MenuItem key="" value="">
                {translate('setup.condition.any')}
              </MenuItem>,
              ...(arg.options ?? []).map((option) => (
                <MenuItem key={option.value} value={option.value}>
                  {text(option.label)}
                </MenuItem>
              )),
            ]}
          </TextField>
        );
      })}
    </>
  );
};

export const FieldControl = ({ path, rule }: FieldSelectorProps) => {
  const { facts, setRule } = useBuilder();
  const translate = useTranslate();
  const text = useText();
  const current = rule as ConditionRule;
  const fact = facts.byKey.get(current.field);
  return (
    <>
      <Autocomplete
        size="small"
        disableClearable
        autoHighlight
        options={facts.list}
        groupBy={(option) => translate(`setup.condition.group.${groupOf(option.key)}`)}
        getOptionLabel={(option) => text(option.label) || option.key}
        getOptionKey={(option) => option.key}
        isOptionEqualToValue={(a, b) => a.key === b.key}
        value={fact ?? { key: current.field, label: { zh: current.field, en: current.field }, type: 'text', operators: [] }}
        onChange={(_event, chosen) => setRule(path, (old) => ({ ...ruleOf(chosen), ...('id' in old ? { id: old.id } : {}) }))}
        renderInput={(params) => (
          <TextField {...params} slotProps={{ htmlInput: { ...params.inputProps, 'aria-label': translate('setup.condition.field') } }} />
        )}
        sx={{ width: { xs: '100%', sm: 200 } }}
      />
      {fact && <Arguments fact={fact} rule={current} path={path} />}
    </>
  );
};

export const OperatorControl = ({ path, rule }: OperatorSelectorProps) => {
  const { facts, setRule } = useBuilder();
  const locale = useLocaleCode();
  const translate = useTranslate();
  const fact = facts.byKey.get(rule.field);
  if (!fact) return null;
  const offered = fact.operators.includes(rule.operator) ? fact.operators : [...fact.operators, rule.operator];
  return (
    <TextField
      select
      value={rule.operator}
      onChange={(event) =>
        setRule(path, (old) => ({ ...old, operator: event.target.value, value: fitValue(fact, event.target.value, old.value) }))
      }
      slotProps={{ htmlInput: { 'aria-label': translate('setup.condition.operator') } }}
      sx={{ minWidth: 130 }}
    >
      {offered.map((operator) => (
        <MenuItem key={operator} value={operator}>
          {operatorLabel(fact.type, operator, locale)}
        </MenuItem>
      ))}
    </TextField>
  );
};

export const ValueControl = ({ path, rule }: ValueEditorProps) => {
  const { facts, setRule } = useBuilder();
  const fact = facts.byKey.get(rule.field);
  if (!fact) return null;
  return <ValueEditor fact={fact} rule={rule as ConditionRule} onChange={(value) => setRule(path, (old) => ({ ...old, value }))} />;
};

export const CombinatorControl = ({ value, handleOnChange, ruleGroup }: CombinatorSelectorProps & { ruleGroup?: { rules: unknown[] } }) => {
  const translate = useTranslate();
  if (ruleGroup && ruleGroup.rules.length < 2) return null;
  return (
    <ToggleButtonGroup exclusive size="small" value={value} onChange={(_event, chosen: string | null) => chosen && handleOnChange(chosen)}>
      <ToggleButton value="and">{translate('setup.condition.and')}</ToggleButton>
      <ToggleButton value="or">{translate('setup.condition.or')}</ToggleButton>
    </ToggleButtonGroup>
  );
};

export const NotControl = ({ checked, handleOnChange }: NotToggleProps) => {
  const translate = useTranslate();
  return (
    <ToggleButton
      value="not"
      size="small"
      selected={Boolean(checked)}
      color={checked ? 'warning' : 'standard'}
      onChange={() => handleOnChange(!checked)}
    >
      {translate('setup.condition.not')}
    </ToggleButton>
  );
};

export const AddRule = ({ handleOnClick, disabled }: ActionProps) => {
  const translate = useTranslate();
  return (
    <Button onClick={handleOnClick} disabled={disabled} startIcon={<AddIcon />}>
      {translate('setup.condition.addRule')}
    </Button>
  );
};

export const AddGroup = ({ handleOnClick, disabled, level }: ActionProps) => {
  const translate = useTranslate();
  if (level > 3) return null;
  return (
    <Button onClick={handleOnClick} disabled={disabled} color="inherit">
      {translate('setup.condition.addGroup')}
    </Button>
  );
};

export const Remove = ({ handleOnClick, disabled }: ActionProps) => {
  const translate = useTranslate();
  return (
    <IconButton onClick={handleOnClick} disabled={disabled} aria-label={translate('setup.condition.remove')} sx={{ ml: 'auto' }}>
      <CloseIcon fontSize="small" />
    </IconButton>
  );
};
