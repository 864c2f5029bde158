import type { BehaviourRule, FitRule, GradingModel, RuleGroup } from '@leadsea/lead-grading/contracts/model';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useFacts } from '../../conditions/use-facts';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { BehaviourRuleForm } from './behaviour-rule';
import { DecayIn } from './decay-in';
import { FitRuleForm } from './fit-rule';
import { LabellingIn } from './labelling-in';
import { Points, useRuleWords } from './rule-words';

type Disqualifier = GradingModel['disqualify'][number];
const blankKey = (base: string, items: readonly { key: string }[]): string =>
  keyFrom(
    '',
    base,
    items.map((item) => item.key),
  );

const Groups = ({ axis }: { axis: 'fit' | 'engagement' }) => {
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

const RuleLine = ({ name, detail, points }: { name: string; detail: string; points: number | string }) => (
  <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center' }}>
    <Points value={points} />
    <Box sx={{ minWidth: 0 }}>
      <b>{name}</b>
      <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>{detail}</Box>
    </Box>
  </Box>
);

/** The body of a grading model: who a lead is, what it does, and what follows from both. */
export const GradingForm = () => {
  const translate = useTranslate();
  const text = useText();
  const words = useRuleWords();
  const facts = useFacts('lead');
  const labels = useField<GradingModel['labelling']>('labelling').value;
  return (
    <>
      <Section title={translate('setup.grading.fit')} help={translate('setup.grading.fitHelp')}>
        <ListIn<FitRule>
          path="fit.rules"
          sortable
          add={translate('setup.grading.addRule')}
          empty={translate('setup.grading.noRules')}
          blank={(rules) => ({
            type: 'condition',
            key: blankKey('fit-rule', rules),
            label: { zh: '新规则', en: 'New rule' },
            points: 10,
            when: { combinator: 'and', rules: [{ field: facts.list[0]?.key ?? 'lead.company', operator: 'notNull' }] },
          })}
          summary={(rule) => <RuleLine name={text(rule.label) || rule.key} detail={words.fit(rule)} points={words.points(rule)} />}
          render={(path) => <FitRuleForm path={path} />}
        />
        <Groups axis="fit" />
        <NumberIn path="fit.cap" words="setup.grading.axisCap" min={0} />
      </Section>
      <Section title={translate('setup.grading.engagement')} help={translate('setup.grading.engagementHelp')}>
        <ListIn<BehaviourRule>
          path="engagement.rules"
          sortable
          add={translate('setup.grading.addRule')}
          empty={translate('setup.grading.noRules')}
          blank={(rules) => ({
            key: blankKey('behaviour', rules),
            label: { zh: '新规则', en: 'New rule' },
            kind: 'visit',
            points: 5,
            repeat: 'each',
          })}
          summary={(rule) => <RuleLine name={text(rule.label) || rule.key} detail={words.behaviour(rule)} points={rule.points} />}
          render={(path) => <BehaviourRuleForm path={path} />}
        />
        <Groups axis="engagement" />
        <DecayIn path="engagement.decay" />
        <NumberIn path="engagement.cap" words="setup.grading.axisCap" min={0} />
      </Section>
      <Section title={translate('setup.grading.thresholds')} help={translate('setup.grading.thresholdsHelp')}>
        <Row>
          {(['A', 'B', 'C'] as const).map((letter) => (
            <NumberIn key={letter} path={`thresholds.letters.${letter}`} words={`setup.grading.from.${letter}`} />
          ))}
        </Row>
        <Row>
          {([1, 2, 3] as const).map((number) => (
            <NumberIn key={number} path={`thresholds.numbers.${number}`} words={`setup.grading.from.n${number}`} />
          ))}
        </Row>
        <NumberIn path="thresholds.hysteresis" words="setup.grading.hysteresis" min={0} max={100} sx={{ width: 260 }} />
        <Row>
          <NumberIn path="weights.fit" words="setup.grading.weightFit" min={0} max={100} />
          <NumberIn path="weights.engagement" words="setup.grading.weightEngagement" min={0} max={100} />
          <NumberIn path="total.cap" words="setup.grading.totalCap" min={0} />
        </Row>
      </Section>
      <Section title={translate('setup.grading.labelling')} help={translate('setup.grading.labellingHelp')}>
        <LabellingIn by={labels?.by ?? 'grid'} />
      </Section>
      <Section title={translate('setup.grading.disqualify')} help={translate('setup.grading.disqualifyHelp')}>
        <ListIn<Disqualifier>
          path="disqualify"
          add={translate('setup.grading.addDisqualify')}
          empty={translate('setup.grading.noDisqualify')}
          blank={(rules) => ({
            key: blankKey('out', rules),
            label: { zh: '不合格', en: 'Not a customer' },
            when: { combinator: 'and', rules: [] },
          })}
          summary={(rule) => (
            <>
              <b>{text(rule.label)}</b> <Box sx={{ color: 'text.secondary' }}>{words.condition(rule.when)}</Box>
            </>
          )}
          render={(path) => (
            <>
              <LabelIn path={`${path}.label`} words="setup.grading.ruleLabel" />
              <ConditionIn path={`${path}.when`} words="setup.grading.when" optional={false} />
            </>
          )}
        />
      </Section>
      <Section title={translate('setup.grading.scope')}>
        <ConditionIn path="appliesTo" words="setup.grading.appliesTo" />
        <SelectIn
          path="regrade"
          words="setup.grading.regrade"
          choices={(['silent', 'announce'] as const).map((one) => ({ value: one, label: translate(`setup.grading.regrades.${one}`) }))}
          sx={{ maxWidth: 420 }}
        />
      </Section>
    </>
  );
};
