import type { Pool, PoolLimit, RecycleRule } from '@leadsea/lead-pools/contracts/pool';
import { Box, MenuItem, TextField } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useDescribeCondition } from '../../conditions/use-facts';
import { fromSeconds, spanWords, toSeconds } from '../../conditions/span';
import { SpanInput } from '../../conditions/span-input';
import { parseSpan } from '../../conditions/span';
import { useLocaleCode, useText } from '../../common/text';
import { formatSpan } from '../../conditions/span';
import { useDirectory } from '../kit/directory';
import { useField } from '../kit/form-context';
import { ConditionIn, LabelIn, ManyIn, NumberIn, SelectIn, SpanIn, SwitchIn, TextIn, useWords } from '../kit/inputs';
import { ListIn } from '../kit/list-in';
import { Row, Section } from '../kit/section';
import { keyFrom } from '../kit/tree';

type PoolMember = Pool['members'][number];
const RIGHTS = ['see', 'claim', 'assign', 'manage'] as const;
const LIMIT_KINDS = ['hour', 'day', 'week', 'month', 'held', 'untouched', 'gap'] as const;
type LimitKind = (typeof LIMIT_KINDS)[number];

const limitOf = (kind: LimitKind, old?: PoolLimit): PoolLimit => {
  const max = old && 'max' in old ? old.max : 20;
  if (kind === 'gap') return { kind: 'gap', seconds: 60 };
  return kind === 'held' || kind === 'untouched' ? { kind, max } : { kind: 'claims', per: kind, max };
};
const kindOf = (limit: PoolLimit): LimitKind => (limit.kind === 'claims' ? limit.per : limit.kind);

/** Seconds kept in the body, shown as a number and a unit. */
export const SecondsIn = ({ path, words, minimum = 0 }: { path: string; words: string; minimum?: number }) => {
  const field = useField<number>(path);
  const { label, help } = useWords(words);
  return (
    <SpanInput
      label={label}
      help={help}
      error={field.error}
      disabled={field.readOnly}
      minimum={minimum}
      units={['second', 'minute', 'hour', 'day']}
      value={field.value ? formatSpan(fromSeconds(field.value)) : 'PT0M'}
      onChange={(iso) => field.set(toSeconds(parseSpan(iso) ?? { amount: 0, unit: 'second' }) ?? 0)}
    />
  );
};

const MemberRow = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const directory = useDirectory();
  const row = useField<PoolMember>(path);
  const type = row.value?.type ?? 'everyone';
  const choices = { team: directory.teams, role: directory.roles, member: directory.members, everyone: [] }[type];
  return (
    <Row>
      <TextField
        select
        label={translate('setup.pool.who')}
        value={type}
        disabled={row.readOnly}
        onChange={(event) => row.set({ type: event.target.value, rights: row.value?.rights ?? ['claim'] })}
        sx={{ minWidth: 130 }}
      >
        {(['everyone', 'team', 'role', 'member'] as const).map((one) => (
          <MenuItem key={one} value={one}>
            {translate(`setup.pool.whoKind.${one}`)}
          </MenuItem>
        ))}
      </TextField>
      {type !== 'everyone' && (
        <TextField
          select
          label={translate(`setup.pool.whoKind.${type}`)}
          value={String(row.value?.ref ?? '')}
          disabled={row.readOnly}
          error={row.value?.ref === undefined}
          onChange={(event) => row.set({ ...row.value, ref: type === 'member' ? Number(event.target.value) : event.target.value })}
          sx={{ minWidth: 160 }}
        >
          {choices.map((choice) => (
            <MenuItem key={choice.value} value={choice.value}>
              {choice.label}
            </MenuItem>
          ))}
        </TextField>
      )}
      <ManyIn
        path={`${path}.rights`}
        words="setup.pool.rights"
        choices={RIGHTS.map((right) => ({ value: right, label: translate(`setup.pool.right.${right}`) }))}
      />
    </Row>
  );
};

const LimitRow = ({ path }: { path: string }) => {
  const translate = useTranslate();
  const field = useField<PoolLimit>(path);
  const limit = field.value ?? { kind: 'held' as const, max: 0 };
  return (
    <Row>
      <TextField
        select
        label={translate('setup.pool.limitKind')}
        value={kindOf(limit)}
        disabled={field.readOnly}
        onChange={(event) => field.set(limitOf(event.target.value as LimitKind, limit))}
        sx={{ minWidth: 240 }}
      >
        {LIMIT_KINDS.map((kind) => (
          <MenuItem key={kind} value={kind}>
            {translate(`setup.pool.limit.${kind}`)}
          </MenuItem>
        ))}
      </TextField>
      {limit.kind === 'gap' ? (
        <SecondsIn path={`${path}.seconds`} words="setup.pool.gap" minimum={1} />
      ) : (
        <NumberIn path={`${path}.max`} words="setup.pool.max" min={0} />
      )}
    </Row>
  );
};

const RecycleRow = ({ path }: { path: string }) => {
  const translate = useTranslate();
  return (
    <>
      <LabelIn path={`${path}.label`} words="setup.pool.ruleLabel" />
      <Row>
        <SpanIn path={`${path}.after`} words="setup.pool.after" units={['hour', 'bday', 'day', 'week']} />
        <SelectIn
          path={`${path}.since`}
          words="setup.pool.since"
          choices={(['follow-up', 'claim', 'stage'] as const).map((one) => ({
            value: one,
            label: translate(`setup.pool.sinceKind.${one}`),
          }))}
        />
      </Row>
      <ConditionIn path={`${path}.when`} words="setup.pool.when" />
    </>
  );
};

/** The body of a pool: who may take what from it, and when a lead comes back. */
export const PoolForm = ({ policyKey }: { policyKey: string }) => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const describe = useDescribeCondition();
  const directory = useDirectory();
  const kind = useField<string>('kind').value;
  const summary = (rule: RecycleRule) => (
    <Box>
      <b>{text(rule.label) || rule.key}</b>
      <Box sx={{ color: 'text.secondary' }}>
        {translate('setup.pool.ruleSummary', {
          after: spanWords(rule.after, locale),
          since: translate(`setup.pool.sinceKind.${rule.since}`),
        })}
        {rule.when ? ` · ${describe(rule.when)}` : ''}
      </Box>
    </Box>
  );
  return (
    <>
      <Section title={translate('setup.pool.basics')}>
        <Row>
          <SelectIn
            path="kind"
            words="setup.pool.kind"
            choices={(['claimable', 'assigned'] as const).map((one) => ({ value: one, label: translate(`setup.pool.kinds.${one}`) }))}
          />
          <SelectIn
            path="calendar"
            words="setup.pool.calendar"
            choices={directory.calendars}
            none={translate('setup.kit.companyCalendar')}
          />
        </Row>
        <TextIn path="description" words="setup.pool.description" multiline />
        <SwitchIn path="isDefault" words="setup.pool.isDefault" />
      </Section>
      <Section title={translate('setup.pool.members')} help={translate('setup.pool.membersHelp')}>
        <ListIn<PoolMember>
          path="members"
          add={translate('setup.pool.addMember')}
          empty={translate('setup.pool.noMembers')}
          blank={() => ({ type: 'everyone', rights: ['claim'] })}
          render={(path) => <MemberRow path={path} />}
        />
      </Section>
      {kind !== 'assigned' && (
        <Section title={translate('setup.pool.limits')} help={translate('setup.pool.limitsHelp')}>
          <ListIn<PoolLimit>
            path="limits"
            add={translate('setup.pool.addLimit')}
            empty={translate('setup.pool.noLimits')}
            blank={() => ({ kind: 'claims', per: 'day', max: 20 })}
            render={(path) => <LimitRow path={path} />}
          />
          <Row>
            <NumberIn path="coolingDays" words="setup.pool.cooling" min={0} max={365} sx={{ width: 240 }} />
            <SecondsIn path="embargoSeconds" words="setup.pool.embargo" />
          </Row>
        </Section>
      )}
      <Section title={translate('setup.pool.recycle')} help={translate('setup.pool.recycleHelp')}>
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
          })}
          summary={summary}
          render={(path) => <RecycleRow path={path} />}
        />
        <ListIn<string>
          path="recycle.warns"
          add={translate('setup.pool.addWarn')}
          empty={translate('setup.pool.noWarns')}
          blank={() => 'P1BD'}
          render={(path) => <SpanIn path={path} words="setup.pool.warn" units={['hour', 'bday', 'day']} />}
        />
        <SelectIn
          path="recycle.returnTo"
          words="setup.pool.returnTo"
          none={translate('setup.pool.returnHome')}
          choices={directory.pools.filter((pool) => pool.value !== policyKey)}
          sx={{ maxWidth: 360 }}
        />
      </Section>
    </>
  );
};
