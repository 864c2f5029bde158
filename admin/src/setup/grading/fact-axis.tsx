import type { FitRule, RuleGroup } from '@leadsea/lead-grading/contracts/model';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useFacts } from '../../conditions/use-facts';
import { useText } from '../../common/text';
import { LabelIn, NumberIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { keyFrom } from '../kit/tree';
import { FitRuleForm } from './fit-rule';
import { Points, useRuleWords } from './rule-words';

export const blankKey = (base: string, items: readonly { key: string }[]): string =>
  keyFrom(
    '',
    base,
    items.map((item) => item.key),
  );

export const Groups = ({ axis }: { axis: 'fit' | 'engagement' | 'intent' }) => {
  const translate = useTranslate();
  const text = useText();
  return (
    <ListIn<RuleGroup>
      path={`${axis}.groups`}
      add={translate('setup.grading.addGroup')}
      blank={(groups) => ({ key: blankKey('group', groups), label: { zh: '新分组', en: 'New group' }, cap: 50 })}
      summary={(group) => (
        <>
          {text(group.label)}{' '}
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {group.cap === undefined ? '' : translate('setup.grading.atMost', { points: group.cap })}
          </Box>
        </>
      )}
      render={(path) => (
        <>
          <LabelIn path={`${path}.label`} words="setup.grading.groupLabel" />
          <NumberIn path={`${path}.cap`} words="setup.grading.groupCap" min={0} optional />
        </>
      )}
    />
  );
};

export const RuleLine = ({ name, detail, points }: { name: string; detail: string; points: number | string }) => (
  <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center' }}>
    <Points value={points} />
    <Box sx={{ minWidth: 0 }}>
      <b>{name}</b>
      <Box
        title={detail}
        sx={{
          color: 'text.secondary',
          overflow: 'hidden',
          overflowWrap: 'anywhere',
          display: '-webkit-box',
          WebkitLineClamp: 3,
          WebkitBoxOrient: 'vertical',
        }}
      >
        {detail}
      </Box>
    </Box>
  </Box>
);

/** Rules that hold or do not hold, with groups and a limit: fit, and intent with frequencies to begin with. */
export const FactAxisIn = ({ axis }: { axis: 'fit' | 'intent' }) => {
  const translate = useTranslate();
  const text = useText();
  const words = useRuleWords();
  const facts = useFacts('lead');
  const blank = (rules: readonly FitRule[]): FitRule => {
    const base = { key: blankKey(`${axis}-rule`, rules), label: { zh: '新规则', en: 'New rule' } };
    return axis === 'intent'
      ? { ...base, type: 'frequency', kind: 'visit', rows: [{ min: 3, within: 'P7D', points: 20 }] }
      : {
          ...base,
          type: 'condition',
          points: 10,
          when: { combinator: 'and', rules: [{ field: facts.list[0]?.key ?? 'lead.company', operator: 'notNull' }] },
        };
  };
  return (
    <>
      <ListIn<FitRule>
        path={`${axis}.rules`}
        sortable
        add={translate('setup.grading.addRule')}
        empty={translate('setup.grading.noRules')}
        blank={blank}
        summary={(rule) => <RuleLine name={text(rule.label) || rule.key} detail={words.fit(rule)} points={words.points(rule)} />}
        render={(path) => <FitRuleForm path={path} axis={axis} />}
      />
      <Groups axis={axis} />
      <NumberIn path={`${axis}.cap`} words="setup.grading.axisCap" min={0} />
    </>
  );
};
