import type { Pool } from '@leadsea/lead-pools/contracts/pool';
import { useTranslate } from 'ra-core';
import { useLookups } from '../../common/lookups';
import { useText } from '../../common/text';
import { useDescribeCondition } from '../../conditions/use-facts';
import { useField } from '../kit/form-context';
import { DROP_DEFAULTS, FAIR_PLAY_DEFAULTS, PULL_DEFAULTS } from './choices';
import { useLeadFields } from './fields-in';
import { impliedRights, RIGHTS } from './members-in';
import { usePoolWords } from './words';

export type Section =
  | 'basics'
  | 'members'
  | 'fields'
  | 'entry'
  | 'limits'
  | 'cooling'
  | 'recycle'
  | 'followUp'
  | 'protection'
  | 'exhausted'
  | 'fairPlay'
  | 'start'
  | 'pull'
  | 'drop';

/** One sentence for each section of the form: what the pool does there. Bodies that are not complete yet are read as far as they go. */
export const useSummaries = (): Readonly<Record<Section, string>> => {
  const translate = useTranslate();
  const text = useText();
  const words = usePoolWords();
  const lookups = useLookups();
  const describe = useDescribeCondition();
  const fieldNames = new Map(useLeadFields().map((field) => [field.value, field.label]));
  const body = useField<Partial<Pool>>('').value ?? {};
  const tell = (key: string, values: Record<string, unknown> = {}): string => translate(`setup.pool.say.${key}`, values);
  const join = (parts: readonly (string | number | false | null | undefined)[]): string => parts.filter(Boolean).join(' · ');
  const { protection, recycle, followUp, cooling, exhausted, entry } = body;
  const pull = { ...PULL_DEFAULTS, ...body.pull };
  const drop = { ...DROP_DEFAULTS, ...body.drop };
  const fair = { ...FAIR_PLAY_DEFAULTS, ...body.fairPlay };
  const percent = body.staged?.percentPerDay ?? 100;
  const members = (body.members ?? []).map((row) => {
    const rights = impliedRights(row.rights);
    const shown = RIGHTS.filter((right) => rights.has(right) && right !== 'see');
    const may = rights.has('manage')
      ? [translate('setup.pool.right.manage')]
      : shown.map((right) => translate(`setup.pool.right.${right}`));
    return `${words.holder(row)}: ${words.list(may.length > 0 ? may : [translate('setup.pool.right.see')])}`;
  });
  const ways = Object.keys(cooling?.ways ?? {}).length + Object.keys(cooling?.reasons ?? {}).length;
  return {
    basics: join([
      translate(`setup.pool.kinds.${body.kind ?? 'claimable'}`),
      body.group && tell('group', { group: body.group }),
      body.isDefault && translate('setup.pool.isDefault'),
    ]),
    members: join(members) || translate('setup.pool.noMembers'),
    fields:
      join(
        (body.fields ?? []).map(
          (field) => `${fieldNames.get(field.field) ?? field.field}: ${translate(`setup.pool.accessKind.${field.access}`)}`,
        ),
      ) || translate('setup.pool.noFields'),
    entry:
      join([
        entry?.accepts && tell('accepts', { condition: describe(entry.accepts) }),
        (entry?.rules?.length ?? 0) > 0 && tell('entryRules', { smart_count: entry?.rules.length }),
      ]) || tell('entryNone'),
    pull: tell('pull', { minutes: words.seconds(pull.actWithinSeconds), smart_count: pull.skipsPerDay }),
    drop: tell(`drop.${drop.mode}`, { at: drop.at, leads: drop.leads, window: words.seconds(drop.windowSeconds) }),
    limits: join((body.limits ?? []).map(words.limit)) || translate('setup.pool.noLimits'),
    cooling:
      join([
        cooling?.after
          ? tell(cooling.owners ? 'cooling' : 'coolingAll', {
              after: words.span(cooling.after, cooling.time),
              smart_count: cooling.owners ?? 0,
            })
          : undefined,
        ways > 0 && tell('coolingWays', { smart_count: ways }),
        (body.embargoSeconds ?? 0) > 0 && tell('embargo', { time: words.seconds(body.embargoSeconds ?? 0) }),
      ]) || tell('coolingNone'),
    recycle:
      join([
        ...(recycle?.rules ?? []).map((rule) => text(rule.label) || rule.key),
        (recycle?.warns?.length ?? 0) > 0 &&
          tell('warns', { times: words.list((recycle?.warns ?? []).map((warn) => words.span(warn, 'business'))) }),
      ]) || translate('setup.pool.noRules'),
    followUp: followUp
      ? join([
          words.list(
            (followUp.kinds ?? []).map(
              (one) => lookups.activityKind(one.kind) + (one.minSeconds > 0 ? ` ≥ ${words.seconds(one.minSeconds)}` : ''),
            ),
          ),
          followUp.minNote > 0 && tell('note', { count: followUp.minNote }),
          typeof followUp.maxSimilarity === 'number' && tell('similarity', { percent: Math.round(followUp.maxSimilarity * 100) }),
        ])
      : translate('setup.pool.followUsual'),
    protection: join([
      ...(protection?.rules ?? []).map((rule) => `${text(rule.label) || rule.key} ${words.span(rule.for, rule.time)}`),
      (protection?.events?.opportunity ?? true) && translate('setup.pool.protectOpportunity'),
      (protection?.requests?.enabled ?? true) && tell('requests', { most: words.span(protection?.requests?.most ?? 'P14D') }),
      protection?.max && tell('protectMax', { max: words.span(protection.max) }),
    ]),
    exhausted:
      join([
        exhausted?.owners && tell('exhaustedOwners', { smart_count: exhausted.owners }),
        exhausted?.attempts && tell('exhaustedAttempts', { smart_count: exhausted.attempts }),
      ]) || tell('exhaustedNever'),
    fairPlay: tell('fairPlay', { days: fair.sameHoldingDays }),
    start: join([tell('grace', { time: words.span(body.graceAfterPublish ?? 'P3BD') }), percent < 100 && tell('staged', { percent })]),
  };
};
