import type { Destination, RoutingPolicy, RoutingRule } from '@leadsea/lead-routing/contracts/policy';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useDescribeCondition } from '../../conditions/use-facts';
import { useField } from '../kit/form-context';
import { ConditionIn, NumberIn, SelectIn, SwitchIn, TextIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { DestinationIn } from './destination-in';
import { RuleForm } from './rule-form';
import { useDestinationWords } from './words';

/** A rule as new: nobody chosen yet, weights, within capacity. */
const blankRule = (rules: readonly RoutingRule[], destination: Destination): RoutingRule => ({
  key: keyFrom(
    '',
    'rule',
    rules.map((rule) => rule.key),
  ),
  label: { zh: '新规则', en: 'New rule' },
  destination,
  ranking: 'weighted',
  catchUp: 'none',
  filters: { capacity: true, workingHours: 'ignore', skills: [], language: false, excludePrevious: 0 },
  onEmpty: 'next',
  holdSeconds: 14_400,
});

/** The body of a routing policy: rules from top to bottom, and the last one that takes every lead. */
export const RoutingForm = () => {
  const translate = useTranslate();
  const text = useText();
  const describe = useDescribeCondition();
  const destination = useDestinationWords();
  const otherwise = useField<RoutingPolicy['otherwise']>('otherwise').value ?? { kind: 'pool', key: '' };
  return (
    <>
      <Section title={translate('setup.routing.rules')} help={translate('setup.routing.rulesHelp')}>
        <ListIn<RoutingRule>
          path="rules"
          sortable
          numbered
          add={translate('setup.routing.addRule')}
          empty={translate('setup.routing.noRules')}
          blank={(rules) => blankRule(rules, otherwise)}
          summary={(rule) => (
            <Box>
              <b>{text(rule.label) || rule.key}</b>
              <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
                {describe(rule.when) || translate('setup.condition.always')} → {destination(rule.destination)}
              </Box>
            </Box>
          )}
          render={(path) => <RuleForm path={path} />}
        />
        <Box sx={{ border: 1, borderStyle: 'dashed', borderColor: 'divider', borderRadius: 1, p: 1.5, display: 'grid', gap: 1 }}>
          <b>{translate('setup.routing.otherwise')}</b>
          <Box sx={{ fontSize: 12, color: 'text.secondary' }}>{translate('setup.routing.otherwiseHelp')}</Box>
          <DestinationIn path="otherwise" />
        </Box>
      </Section>
      <Section title={translate('setup.routing.sticky')} help={translate('setup.routing.stickyHelp')}>
        <SwitchIn path="sticky.duplicateOwner" words="setup.routing.duplicateOwner" />
        <SwitchIn path="sticky.accountOwner" words="setup.routing.accountOwner" />
        <NumberIn path="sticky.previousOwnerDays" words="setup.routing.previousOwner" min={0} max={3650} sx={{ width: 280 }} />
      </Section>
      <Section title={translate('setup.routing.reroute')} help={translate('setup.routing.rerouteHelp')}>
        <Row>
          <NumberIn path="reroute.maxHops" words="setup.routing.maxHops" min={0} max={20} sx={{ width: 200 }} />
          <NumberIn path="reroute.excludeLast" words="setup.routing.excludeLast" min={1} max={50} sx={{ width: 200 }} />
          <SelectIn
            path="reroute.onExhausted"
            words="setup.routing.onExhausted"
            choices={(['manager', 'otherwise'] as const).map((one) => ({ value: one, label: translate(`setup.routing.exhausted.${one}`) }))}
          />
        </Row>
      </Section>
      <Section title={translate('setup.routing.scope')}>
        <ConditionIn path="when" words="setup.routing.appliesTo" />
        <TextIn path="description" words="setup.routing.description" multiline />
      </Section>
    </>
  );
};
