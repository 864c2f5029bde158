import type { BehaviourRule, FitRule } from '@leadsea/lead-grading/contracts/model';
import type { Condition } from '@leadsea/crm-core/contracts/condition';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { spanWords } from '../../conditions/span';
import { useDescribeCondition, useFacts } from '../../conditions/use-facts';
import { useLocaleCode, useText } from '../../common/text';
import { showCount } from '../../i18n/counts';

/** Points with their sign, as wide for −100 as for +5. */
export const Points = ({ value }: { value: number | string }) => (
  <Box
    component="span"
    sx={{
      minWidth: 52,
      textAlign: 'right',
      fontWeight: 700,
      color: String(value).startsWith('-') ? 'error.main' : 'success.main',
      whiteSpace: 'nowrap',
    }}
  >
    {typeof value === 'number' && value > 0 ? `+${showCount(value)}` : String(value).replace('-', '−')}
  </Box>
);

export interface RuleWords {
  fit(rule: FitRule): string;
  behaviour(rule: BehaviourRule): string;
  /** The points a rule gives: one number, or the range of its values. */
  points(rule: FitRule): number | string;
  condition(condition: Condition | null | undefined): string;
}

const range = (numbers: readonly number[]): number | string => {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (numbers.length === 0) return 0;
  return low === high ? low : `${low}…${high}`;
};

/** Grading rules as sentences. */
export const useRuleWords = (): RuleWords => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const describe = useDescribeCondition();
  const facts = useFacts('lead');
  const name = (key: string): string => text(facts.byKey.get(key)?.label) || key;
  const kind = (value: string): string => {
    const option = facts.byKey
      .get('behaviour.count')
      ?.args?.find((arg) => arg.key === 'kind')
      ?.options?.find((one) => one.value === value);
    return text(option?.label) || value;
  };
  return {
    condition: (condition) => describe(condition) || translate('setup.condition.always'),
    fit: (rule) => {
      if (rule.type === 'condition') return describe(rule.when) || translate('setup.condition.always');
      if (rule.type === 'values')
        return `${name(rule.field)}: ${Object.entries(rule.values)
          .map(([value, points]) => `${value} ${points > 0 ? '+' : ''}${points}`)
          .join(', ')}`;
      if (rule.type === 'frequency') {
        const rows = rule.rows.map(
          ({ min, within, points }) =>
            `${translate('setup.grading.timesOrMore', { smart_count: min })}${within ? ` · ${spanWords(within, locale)}` : ''} ${points > 0 ? '+' : ''}${points}`,
        );
        return [
          kind(rule.kind),
          rule.match ? translate('setup.grading.containing', { match: rule.match }) : '',
          rule.product ?? '',
          rows.join(', '),
        ]
          .filter(Boolean)
          .join(' · ');
      }
      const bands = rule.bands.map(
        ({ from, to, points }) => `${showCount(from) || '…'}–${showCount(to) || '…'} ${points > 0 ? '+' : ''}${points}`,
      );
      return `${name(rule.field)}: ${bands.join(', ')}`;
    },
    behaviour: (rule) =>
      [
        kind(rule.kind),
        rule.match ? translate('setup.grading.containing', { match: rule.match }) : '',
        rule.product ?? '',
        typeof rule.repeat === 'string'
          ? translate(`setup.grading.repeats.${rule.repeat}`)
          : translate('setup.grading.repeatMax', { smart_count: rule.repeat.max, within: spanWords(rule.repeat.within, locale) }),
        rule.cap === undefined ? '' : translate('setup.grading.atMost', { points: rule.cap }),
      ]
        .filter(Boolean)
        .join(' · '),
    points: (rule) => {
      if (rule.type === 'condition') return rule.points;
      if (rule.type === 'frequency') return range(rule.rows.map((row) => row.points));
      return range(rule.type === 'values' ? Object.values(rule.values) : rule.bands.map((band) => band.points));
    },
  };
};
