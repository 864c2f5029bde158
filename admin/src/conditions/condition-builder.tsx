import type { Condition, ConditionGroup, ConditionRule } from '@leadsea/crm-core/contracts/condition';
import { Box } from '@mui/material';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { prepareRuleGroup, QueryBuilder, type Field, type RuleGroupType, type RuleType } from 'react-querybuilder';
import {
  AddGroup,
  AddRule,
  BuilderContext,
  CombinatorControl,
  FieldControl,
  NotControl,
  OperatorControl,
  Remove,
  ruleOf,
  ValueControl,
} from './controls';
import { MatchStrip } from './match-strip';
import { cleanCondition, EMPTY, isComplete, replaceRule } from './tree';
import { useFacts } from './use-facts';
import type { EmptyMeans, LiveCondition } from './use-match';

export interface ConditionBuilderProps {
  /** Whose facts are offered. */
  subject: string;
  value: Condition | null | undefined;
  onChange: (condition: Condition) => void;
  /** Shows how many leads match and which; only for the subject `lead`. */
  count?: boolean;
  /** The same condition in the version that is in force, to say who comes in and who falls out; null where there is none. */
  live?: LiveCondition | null;
  /** What the condition stands for while nothing is asked. */
  empty?: EmptyMeans;
}

const CONTROLS = {
  fieldSelector: FieldControl,
  operatorSelector: OperatorControl,
  valueEditor: ValueControl,
  combinatorSelector: CombinatorControl,
  notToggle: NotControl,
  addRuleAction: AddRule,
  addGroupAction: AddGroup,
  removeRuleAction: Remove,
  removeGroupAction: Remove,
};

const toQuery = (group: ConditionGroup): RuleGroupType => ({
  ...group,
  rules: group.rules.map((rule): RuleGroupType | RuleType => ('rules' in rule ? toQuery(rule) : { ...rule, value: rule.value })),
});
const fromQuery = (query: RuleGroupType): ConditionGroup => ({
  ...query,
  combinator: query.combinator === 'or' ? 'or' : 'and',
  rules: query.rules.map((rule) => ('rules' in rule ? fromQuery(rule) : (rule as ConditionRule))),
});
const withIds = (condition: Condition | null | undefined): RuleGroupType => prepareRuleGroup(toQuery(condition ?? EMPTY));
const stripped = (query: RuleGroupType): ConditionGroup => cleanCondition(fromQuery(query));
const same = (a: ConditionGroup, b: ConditionGroup): boolean => JSON.stringify(a) === JSON.stringify(b);

const look = {
  '& .ruleGroup': { display: 'grid', gap: 1 },
  '& .ruleGroup .ruleGroup': { borderLeft: 2, borderColor: 'primary.light', pl: 1.5, py: 0.5, borderRadius: 0 },
  '& .ruleGroup-header': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 0.75 },
  '& .ruleGroup-body': { display: 'grid', gap: 1 },
  '& .ruleGroup-body:empty': { display: 'none' },
  '& .rule': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 0.75 },
  '& .MuiToggleButton-root': { minHeight: 30, py: 0.25 },
} as const;

/**
 * Edits a condition over the facts of a subject. `onChange` receives the stored form, without the editor's ids.
 * Every control is reachable with Tab; rules wrap on narrow screens.
 */
export const ConditionBuilder = ({ subject, value, onChange, count = true, live, empty }: ConditionBuilderProps) => {
  const facts = useFacts(subject);
  const [query, setQuery] = useState(() => withIds(value));
  const latest = useRef(query);
  const change = useCallback(
    (next: RuleGroupType) => {
      const before = stripped(latest.current);
      latest.current = next;
      setQuery(next);
      const after = stripped(next);
      if (!same(before, after)) onChange(after);
    },
    [onChange],
  );
  useEffect(() => {
    if (same(stripped(latest.current), cleanCondition(value ?? EMPTY))) return;
    latest.current = withIds(value);
    setQuery(latest.current);
  }, [value]);
  const setRule = useCallback(
    (path: readonly number[], edit: (rule: ConditionRule) => ConditionRule) =>
      change(toQuery(replaceRule(fromQuery(latest.current), path, edit))),
    [change],
  );
  const context = useMemo(() => ({ facts, setRule }), [facts, setRule]);
  const fields = useMemo((): Field[] => facts.list.map((fact) => ({ name: fact.key, value: fact.key, label: fact.key })), [facts]);
  const first = facts.list[0];
  const cleaned = useMemo(() => stripped(query), [query]);
  return (
    <BuilderContext.Provider value={context}>
      <Box sx={look}>
        <QueryBuilder
          fields={fields}
          query={query}
          onQueryChange={change}
          controlElements={CONTROLS}
          showNotToggle
          addRuleToNewGroups
          enableMountQueryChange={false}
          onAddRule={(rule) => (first ? ({ ...ruleOf(first), id: rule.id } as RuleType) : true)}
        />
        {count && subject === 'lead' && (
          <Box sx={{ mt: 0.5 }}>
            <MatchStrip condition={cleaned} complete={isComplete(cleaned, facts.byKey)} live={live} empty={empty} />
          </Box>
        )}
      </Box>
    </BuilderContext.Provider>
  );
};
