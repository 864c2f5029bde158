import type { Pool } from '@leadsea/lead-pools/contracts/pool';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import { useDescribeCondition } from '../../conditions/use-facts';
import { fromSeconds, parseSpan, formatSpan, spanWords } from '../../conditions/span';
import { useLookups } from '../../common/lookups';
import { useMeta } from '../../api/session-context';
import { useLocaleCode, useText } from '../../common/text';
import { useDirectory } from '../kit/directory';

export type PoolLimit = Pool['limits'][number];
export type PoolMember = Pool['members'][number];
export type RecycleRule = Pool['recycle']['rules'][number];
type Holder = { readonly type: 'everyone' | 'team' | 'role' | 'member'; readonly ref?: string | number | undefined };

export interface PoolWords {
  /** `P3BD` as “3 business days”; hours say whether they are working hours. */
  span(iso: string | null | undefined, time?: 'business' | 'calendar'): string;
  seconds(seconds: number): string;
  holder(holder: Holder | null | undefined): string;
  pool(key: string | null | undefined): string;
  limit(limit: PoolLimit): string;
  rule(rule: RecycleRule): string;
  reason(value: string): string;
  list(parts: readonly string[]): string;
}

/** The parts of a pool as sentences in the reader's language. */
export const usePoolWords = (): PoolWords => {
  const translate = useTranslate();
  const text = useText();
  const locale = useLocaleCode();
  const directory = useDirectory();
  const lookups = useLookups();
  const describe = useDescribeCondition();
  const { releaseReasons } = useMeta();
  return useMemo(() => {
    const span: PoolWords['span'] = (iso, time = 'calendar') => {
      if (!iso) return '';
      const unit = parseSpan(iso)?.unit;
      return spanWords(iso, locale, time === 'business' && (unit === 'hour' || unit === 'minute' || unit === 'second'));
    };
    const seconds = (value: number): string => spanWords(formatSpan(fromSeconds(value)), locale);
    const named = (choices: readonly { value: string; label: string }[], ref: string): string =>
      choices.find((choice) => choice.value === ref)?.label ?? ref;
    const holder: PoolWords['holder'] = (one) => {
      if (!one || one.type === 'everyone') return translate('setup.pool.whoKind.everyone');
      const ref = String(one.ref ?? '');
      if (one.type === 'member') return lookups.member(Number(ref)) || ref;
      return named(one.type === 'team' ? directory.teams : directory.roles, ref);
    };
    const list = (parts: readonly string[]): string => parts.filter(Boolean).join(locale === 'zh' ? '、' : ', ');
    const clock = (rule: Pick<RecycleRule, 'since' | 'after' | 'time'>): string =>
      translate('setup.pool.ruleSummary', {
        after: span(rule.after, rule.time),
        since: translate(`setup.pool.sinceKind.${rule.since}`),
      });
    return {
      span,
      seconds,
      holder,
      list,
      pool: (key) => (key ? named(directory.pools, key) : ''),
      reason: (value) => text(releaseReasons.find((reason) => reason.value === value)?.label) || value,
      limit: (limit) => {
        const scope = translate(`setup.pool.scopeIn.${limit.scope}`);
        const who = holder(limit.for);
        if (limit.kind === 'gap') return translate('setup.pool.sentence.gap', { who, time: seconds(limit.seconds), scope });
        const what = limit.kind === 'claims' ? limit.per : limit.kind;
        if (limit.max === null) return translate('setup.pool.sentence.none', { who, what: translate(`setup.pool.limit.${what}`), scope });
        return translate(`setup.pool.sentence.${what}`, { who, max: limit.max, smart_count: limit.max, scope });
      },
      rule: (rule) =>
        [clock(rule), ...(rule.also ?? []).map(clock)].join(translate('setup.pool.and')) + (rule.when ? ` · ${describe(rule.when)}` : ''),
    };
  }, [translate, text, locale, directory, lookups, describe, releaseReasons]);
};
