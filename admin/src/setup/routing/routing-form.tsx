import type { Destination } from '@leadsea/lead-routing/contracts/destination';
import type { RoutingPolicy } from '@leadsea/lead-routing/contracts/policy';
import type { RoutingRule } from '@leadsea/lead-routing/contracts/rule';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useDescribeCondition } from '../../conditions/use-facts';
import { useField } from '../kit/form-context';
import { ConditionIn, TextIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Section } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { AcceptanceIn, RerouteIn, ReturnsIn } from './after-in';
import { DestinationIn } from './destination-in';
import { RuleForm } from './rule-form';
import { CapacityIn, StandardsIn } from './standards-in';
import { StickyIn } from './sticky-in';
import { TriggersIn } from './triggers-in';
import { useDestinationWords } from './words';

/** The last rule must lead somewhere at once. */
const LAST_KINDS = ['pool', 'team', 'group', 'role', 'member'] as const;

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
  rankingParams: {},
  catchUp: 'none',
  period: 'month',
  value: 'score',
  fit: [],
  fitTolerance: 0,
  caps: [],
  loadLimits: [],
  filters: { capacity: true, workingHours: 'ignore', skills: [], language: false, excludePrevious: 0, coolingDays: 0 },
  onEmpty: 'next',
  tellWhenEmpty: false,
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
          <DestinationIn path="otherwise" kinds={LAST_KINDS} />
        </Box>
      </Section>
      <StickyIn />
      <StandardsIn />
      <CapacityIn />
      <AcceptanceIn />
      <ReturnsIn />
      <RerouteIn />
      <TriggersIn />
      <Section title={translate('setup.routing.scope')}>
        <ConditionIn path="when" words="setup.routing.appliesTo" />
        <TextIn path="description" words="setup.routing.description" multiline />
      </Section>
    </>
  );
};
