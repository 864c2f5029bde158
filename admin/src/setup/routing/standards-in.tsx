import type { RoutingPolicy, Standard } from '@leadsea/lead-routing/contracts/policy';
import { Box } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useDescribeCondition } from '../../conditions/use-facts';
import { WEEK_STARTS } from '../../../../plugins/lead-routing/contracts/constants';
import { ConditionIn, LabelIn, NumberIn, SelectIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { keyFrom } from '../kit/tree';

/** 考核标准: who may receive which leads, by his own record. */
export const StandardsIn = () => {
  const translate = useTranslate();
  const text = useText();
  const describe = useDescribeCondition('member');
  return (
    <Section title={translate('setup.routing.standards')} help={translate('setup.routing.standardsHelp')}>
      <ListIn<Standard>
        path="standards"
        add={translate('setup.routing.addStandard')}
        blank={(list) => ({
          key: keyFrom(
            '',
            'standard',
            list.map((one) => one.key),
          ),
          label: { zh: '考核标准', en: 'Standard' },
          leads: null,
          people: { combinator: 'and', rules: [] },
        })}
        summary={(one) => (
          <Box>
            <b>{text(one.label) || one.key}</b>
            <Box sx={{ color: 'text.secondary' }}>{describe(one.people)}</Box>
          </Box>
        )}
        render={(path) => (
          <>
            <LabelIn path={`${path}.label`} words="setup.routing.standardLabel" />
            <ConditionIn path={`${path}.leads`} words="setup.routing.standardLeads" />
            <ConditionIn path={`${path}.people`} words="setup.routing.standardPeople" subject="member" optional={false} />
          </>
        )}
      />
    </Section>
  );
};

/** which open leads count against a person's capacity, and as how much. */
export const CapacityIn = () => {
  const translate = useTranslate();
  return (
    <Section title={translate('setup.routing.counting')} help={translate('setup.routing.countingHelp')}>
      <ConditionIn path="capacity.leads" words="setup.routing.countingLeads" />
      <ListIn<RoutingPolicy['capacity']['weights'][number]>
        path="capacity.weights"
        sortable
        add={translate('setup.routing.addCounting')}
        blank={() => ({ when: { combinator: 'and', rules: [] }, weight: 0.5 })}
        render={(path) => (
          <Box sx={{ display: 'grid', gap: 1.5 }}>
            <ConditionIn path={`${path}.when`} words="setup.routing.countingWhen" optional={false} />
            <NumberIn path={`${path}.weight`} words="setup.routing.countingWeight" min={0} max={10} sx={{ width: 160 }} />
          </Box>
        )}
      />
      <Row>
        <NumberIn path="capacity.pausedWeight" words="setup.routing.pausedWeight" min={0} max={1} sx={{ width: 260 }} />
        <SelectIn
          path="weekStart"
          words="setup.routing.weekStart"
          choices={WEEK_STARTS.map((value) => ({ value, label: translate(`setup.routing.weekStarts.${value}`) }))}
          sx={{ width: 260 }}
        />
      </Row>
    </Section>
  );
};
