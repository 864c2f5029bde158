import type { RecycleRule, ReturnRule } from '@leadsea/lead-pools/contracts/recycle';
import { Box, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useMeta } from '../../api/session-context';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, SelectIn, SpanIn, SwitchIn } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row } from '../kit/section';
import { keyFrom } from '../kit/tree';
import { CLOCKS, LEAVE_WAYS } from './choices';
import { RecycleExample } from './recycle-example';
import { RULE_UNITS, TimeKindIn } from './span-parts';
import { usePoolWords } from './words';

/** One clock: from when, how long, in which time. */
const ClockIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const text = useText();
  const { leadFields } = useLookups();
  const since = useField<string>(`${path}.since`).value;
  const dates = leadFields.filter((field) => field.type === 'date' || field.type === 'datetime');
  return (
    <Row>
      <SpanIn path={`${path}.after`} words="setup.pool.after" units={RULE_UNITS} />
      <TimeKindIn path={`${path}.time`} span={`${path}.after`} />
      <SelectIn
        path={`${path}.since`}
        words="setup.pool.since"
        choices={CLOCKS.map((one) => ({ value: one, label: translate(`setup.pool.sinceKind.${one}`) }))}
      />
      {since === 'contract-end' && (
        <SelectIn
          path={`${path}.field`}
          words="setup.pool.contractField"
          choices={dates.map((field) => ({ value: field.key, label: text(field.label) || field.key }))}
        />
      )}
    </Row>
  );
};

const RuleIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const { pools } = useDirectory();
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.pool.ruleLabel" />
      <ClockIn path={path} />
      <Box>
        <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
          {translate('setup.pool.also')}
        </Typography>
        <ListIn<RecycleRule['also'][number]>
          path={`${path}.also`}
          add={translate('setup.pool.addAlso')}
          blank={() => ({ since: 'claim', after: 'P3D', time: 'business' })}
          render={(inner) => <ClockIn path={inner} />}
        />
      </Box>
      <ConditionIn path={`${path}.when`} words="setup.pool.when" />
      <Row>
        <SelectIn
          path={`${path}.leave`}
          words="setup.pool.leave"
          choices={(['wait', 'shift', 'ignore'] as const).map((one) => ({ value: one, label: translate(`setup.pool.leaveKind.${one}`) }))}
          sx={{ minWidth: 240 }}
        />
        <SelectIn path={`${path}.returnTo`} words="setup.pool.ruleReturnTo" none={translate('setup.pool.returnByRules')} choices={pools} />
      </Row>
      <SwitchIn path={`${path}.waitForNextAction`} words="setup.pool.waitForNextAction" />
      <SwitchIn path={`${path}.outsideHours`} words="setup.pool.outsideHours" />
    </>
  );
};

const ReturnIn = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const { releaseReasons } = useMeta();
  const { choices } = useLookups();
  const { pools } = useDirectory();
  return (
    <>
      <ManyIn
        path={`${path}.ways`}
        words="setup.pool.returnWays"
        choices={LEAVE_WAYS.map((way) => ({ value: way, label: translate(`setup.pool.way.${way}`) }))}
      />
      <ManyIn path={`${path}.reasons`} words="setup.pool.returnReasons" choices={choices(releaseReasons)} />
      <ConditionIn path={`${path}.when`} words="setup.pool.returnWhen" />
      <SelectIn path={`${path}.to`} words="setup.pool.returnTo" choices={pools} />
    </>
  );
};

const useReturnWords = () => {
  const translate = useTranslate();
  const words = usePoolWords();
  return (rule: ReturnRule): string => {
    const ways = words.list((rule.ways ?? []).map((way) => translate(`setup.pool.way.${way}`)));
    const reasons = words.list((rule.reasons ?? []).map(words.reason));
    return `${[ways, reasons].filter(Boolean).join(' · ') || translate('setup.pool.anyWay')} → ${words.pool(rule.to) || '–'}`;
  };
};

/** When a held lead goes back, how its owner is warned, where it goes and what becomes of its tasks. */
export const RecycleIn = () => {
  const translate = useTranslate();
  const text = useText();
  const words = usePoolWords();
  const returnWords = useReturnWords();
  const { pools } = useDirectory();
  const fates = (['close', 'keep', 'hand-over'] as const).map((one) => ({ value: one, label: translate(`setup.pool.fate.${one}`) }));
  return (
    <>
      <ListIn<RecycleRule>
        path="recycle.rules"
        sortable
        add={translate('setup.pool.addRule')}
        empty={translate('setup.pool.noRules')}
        blank={(rules) => ({
          key: keyFrom(
            '',
            'rule',
            rules.map((rule) => rule.key),
          ),
          label: { zh: '5 个工作日未跟进', en: 'No follow-up for 5 business days' },
          since: 'follow-up',
          after: 'P5BD',
          time: 'business',
          also: [],
          waitForNextAction: true,
          outsideHours: false,
          leave: 'wait',
        })}
        summary={(rule) => (
          <Box>
            <b>{text(rule.label) || rule.key}</b>
            <Box sx={{ color: 'text.secondary' }}>{words.rule(rule)}</Box>
          </Box>
        )}
        render={(path) => <RuleIn path={path} />}
      />
      <Box>
        <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
          {translate('setup.pool.warnings')}
        </Typography>
        <ListIn<string>
          path="recycle.warns"
          add={translate('setup.pool.addWarn')}
          empty={translate('setup.pool.noWarns')}
          blank={(warns) => (['P3BD', 'P1BD', 'PT4H'] as const)[warns.length] ?? 'PT1H'}
          render={(path) => <SpanIn path={path} words="setup.pool.warn" units={['hour', 'bday', 'day']} />}
        />
      </Box>
      <RecycleExample />
      <Box>
        <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
          {translate('setup.pool.returns')}
        </Typography>
        <ListIn<ReturnRule>
          path="recycle.returns"
          sortable
          numbered
          add={translate('setup.pool.addReturn')}
          empty={translate('setup.pool.noReturns')}
          blank={() => ({ ways: [], reasons: [], to: '' })}
          summary={returnWords}
          render={(path) => <ReturnIn path={path} />}
        />
      </Box>
      <Row>
        <SelectIn path="recycle.returnTo" words="setup.pool.returnElse" none={translate('setup.pool.returnHome')} choices={pools} />
        <ManyIn path="recycle.choices" words="setup.pool.choices" choices={pools} />
      </Row>
      <Row>
        <SelectIn path="recycle.tasks.onReturn" words="setup.pool.tasksReturn" choices={fates} sx={{ minWidth: 240 }} />
        <SelectIn path="recycle.tasks.onTransfer" words="setup.pool.tasksTransfer" choices={fates} sx={{ minWidth: 240 }} />
      </Row>
    </>
  );
};
