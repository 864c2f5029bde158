import type { BehaviourRule, FactAxis, GradingModel } from '@leadsea/lead-grading/contracts/model';
import { Box, Button } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { BehaviourRuleForm } from './behaviour-rule';
import { DecayIn } from './decay-in';
import { blankKey, FactAxisIn, Groups, RuleLine } from './fact-axis';
import { LabellingIn } from './labelling-in';
import { AccountIn, MomentsIn } from './moments-in';
import { NumberByIn, QuantileIn, RecycleIn } from './more-in';
import { ProductsIn } from './products-in';
import { useRuleWords } from './rule-words';

type Disqualifier = GradingModel['disqualify'][number];
/** The body of a grading model: who a lead is, what it does, and what follows from both. */
export const GradingForm = () => {
  const translate = useTranslate();
  const text = useText();
  const words = useRuleWords();
  const intent = useField<FactAxis | undefined>('intent');
  const mode = useField<GradingModel['mode'] | undefined>('mode').value;
  const labels = useField<GradingModel['labelling']>('labelling').value;
  return (
    <>
      <Section at="fit" title={translate('setup.grading.fit')} help={translate('setup.grading.fitHelp')}>
        <FactAxisIn axis="fit" />
      </Section>
      <Section at="engagement" title={translate('setup.grading.engagement')} help={translate('setup.grading.engagementHelp')}>
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
      <Section at="intent" title={translate('setup.grading.intent')} help={translate('setup.grading.intentHelp')}>
        {intent.value ? (
          <FactAxisIn axis="intent" />
        ) : (
          <Box sx={{ color: 'text.secondary', fontSize: 13 }}>{translate('setup.grading.noIntent')}</Box>
        )}
        {!intent.readOnly && (
          <Button
            color="inherit"
            sx={{ justifySelf: 'start' }}
            onClick={() => intent.set(intent.value ? undefined : { cap: 100, groups: [], rules: [] })}
          >
            {translate(intent.value ? 'setup.grading.removeIntent' : 'setup.grading.addIntent')}
          </Button>
        )}
      </Section>
      <Section at="thresholds" title={translate('setup.grading.thresholds')} help={translate('setup.grading.thresholdsHelp')}>
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
        <QuantileIn />
        <NumberByIn hasIntent={Boolean(intent.value)} />
        <Row>
          <NumberIn path="weights.fit" words="setup.grading.weightFit" min={0} max={100} />
          <NumberIn path="weights.engagement" words="setup.grading.weightEngagement" min={0} max={100} />
          {intent.value && <NumberIn path="weights.intent" words="setup.grading.weightIntent" min={0} max={100} />}
          <NumberIn path="total.cap" words="setup.grading.totalCap" min={0} />
        </Row>
      </Section>
      <Section at="labelling" title={translate('setup.grading.labelling')} help={translate('setup.grading.labellingHelp')}>
        <LabellingIn by={labels?.by ?? 'grid'} />
      </Section>
      <ProductsIn />
      <MomentsIn />
      <AccountIn />
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
          path="mode"
          words="setup.grading.mode"
          choices={(['live', 'shadow'] as const).map((one) => ({ value: one, label: translate(`setup.grading.modes.${one}`) }))}
          sx={{ maxWidth: 420 }}
        />
        {mode === 'shadow' && (
          <NumberIn path="shadowDays" words="setup.grading.shadowDays" min={1} max={365} optional sx={{ width: 260 }} />
        )}
        <RecycleIn />
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
