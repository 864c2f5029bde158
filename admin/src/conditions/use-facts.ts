import type { FactDescription } from '@leadsea/crm-core/contracts/condition';
import { useCallback, useMemo } from 'react';
import { useMeta } from '../api/session-context';
import { useLookups } from '../common/lookups';
import { useLocaleCode } from '../common/text';
import { describeCondition, type NameOf } from './describe';
import { orderFacts } from './tree';
import type { ConditionGroup } from '@leadsea/crm-core/contracts/condition';

export interface Facts {
  readonly list: readonly FactDescription[];
  readonly byKey: ReadonlyMap<string, FactDescription>;
}

/** The fact catalogue of a subject, in the order it is offered. */
export const useFacts = (subject: string): Facts => {
  const meta = useMeta();
  return useMemo(() => {
    const list = orderFacts(meta.facts[subject] ?? []);
    return { list, byKey: new Map(list.map((fact) => [fact.key, fact])) };
  }, [meta, subject]);
};

/** Names of records that conditions point to, as far as the session knows them. */
export const useNameOf = (): NameOf => {
  const lookups = useLookups();
  return useCallback(
    (resource, id) => {
      const number = Number(id);
      if (resource === 'members') return lookups.member(number);
      if (resource === 'pools') return lookups.pool(number);
      return resource === 'teams' ? lookups.team(number) : undefined;
    },
    [lookups],
  );
};

/** Turns conditions of a subject into sentences of the reader's language. */
export const useDescribeCondition = (subject = 'lead'): ((condition: ConditionGroup | null | undefined) => string) => {
  const facts = useFacts(subject);
  const locale = useLocaleCode();
  const nameOf = useNameOf();
  return useCallback((condition) => describeCondition(condition, facts.list, locale, nameOf), [facts, locale, nameOf]);
};
