import type { Protection } from '@leadsea/lead-pools/contracts/protection';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useText } from '../../common/text';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, NumberIn, SelectIn, SpanIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { MaybeSpanIn, RULE_UNITS, TimeKindIn } from './span-parts';
import { usePoolWords } from './words';

type Rule = Protection['rules'][number];

const RuleIn = ({ path }: { path: string }) => (
  <>
    <LabelIn path={`${path}.label`} words="setup.pool.protectLabel" />
    <Row>
      <SpanIn path={`${path}.for`} words="setup.pool.protectFor" units={RULE_UNITS} />
      <TimeKindIn path={`${path}.time`} span={`${path}.for`} />
    </Row>
    <ConditionIn path={`${path}.when`} words="setup.pool.protectWhen" />
  </>
);

/** What keeps a lead from being taken back: rules, events, and requests with approval. */
export const ProtectionIn = () => {
  const translate = useTranslate();
  const text = useText();
  const words = usePoolWords();
  const asked = useField<boolean>('protection.requests.enabled').value ?? true;
  return (
    <>
      <ListIn<Rule>
        path="protection.rules"
        add={translate('setup.pool.addProtection')}
        empty={translate('setup.pool.noProtection')}
        blank={(rules) => ({
          key: keyFrom(
            '',
            'protect',
            rules.map((rule) => rule.key),
          ),
          label: { zh: '领取后保护', en: 'Protected after the claim' },
          for: 'P3BD',
          time: 'business',
        })}
        summary={(rule) => (
          <Box>
            <b>{text(rule.label) || rule.key}</b>
            <Box sx={{ color: 'text.secondary' }}>{words.span(rule.for, rule.time)}</Box>
          </Box>
        )}
        render={(path) => <RuleIn path={path} />}
      />
      <Box>
        <Typography variant="subtitle2">{translate('setup.pool.protectEvents')}</Typography>
        <SwitchIn path="protection.events.opportunity" words="setup.pool.protectOpportunity" />
        <NumberIn path="protection.events.meetingDays" words="setup.pool.protectMeeting" min={0} max={90} sx={{ width: 280, mt: 1 }} />
      </Box>
      <Box sx={{ display: 'grid', gap: 1.5 }}>
        <SwitchIn path="protection.requests.enabled" words="setup.pool.protectRequests" />
        {asked && (
          <Row>
            <SpanIn path="protection.requests.most" words="setup.pool.requestMost" units={RULE_UNITS} />
            <NumberIn path="protection.requests.perHolding" words="setup.pool.requestTimes" min={0} max={20} sx={{ width: 200 }} />
            <NumberIn path="protection.requests.automatic" words="setup.pool.requestAutomatic" min={0} max={20} sx={{ width: 240 }} />
          </Row>
        )}
      </Box>
      <MaybeSpanIn path="protection.max" words="setup.pool.protectMax" usual="P30D" off={null} />
      <SelectIn
        path="protection.onExpiry"
        words="setup.pool.onExpiry"
        choices={(['rules', 'recycle'] as const).map((one) => ({ value: one, label: translate(`setup.pool.onExpiryKind.${one}`) }))}
        sx={{ maxWidth: 360 }}
      />
    </>
  );
};
