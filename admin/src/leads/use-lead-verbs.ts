import { useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useCallback } from 'react';
import type { ConsoleProvider, LeadVerb } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { ApiError } from '../api/http-client';
import type { BulkAnswer, BulkResult, Lead } from '../api/types';

const AFFECTED = ['leads', 'work', 'pools-board', 'timeline', 'explain', 'sla-clocks', 'tasks', 'activities'];

/** Asks again for everything a lead's change can show in. */
export const useLeadsChanged = (): (() => void) => {
  const client = useQueryClient();
  return useCallback(() => {
    for (const name of AFFECTED) void client.invalidateQueries({ queryKey: [name] });
  }, [client]);
};

export interface VerbOutcome {
  done: number[];
  refused: BulkResult[];
}

/** A refusal of a single lead arrives as an error of the request; it is an outcome like any other. */
const refusalOfOne = (ids: readonly number[], error: unknown): BulkAnswer | null => {
  const [id] = ids;
  if (
    ids.length !== 1 ||
    id === undefined ||
    !(error instanceof ApiError) ||
    error.status < 400 ||
    error.status >= 500 ||
    error.status === 401
  )
    return null;
  return { results: [{ id, ok: false, code: error.code, message: error.message, details: error.details }] };
};

const outcomeOf = (answers: readonly BulkAnswer[]): VerbOutcome => {
  const results = answers.flatMap((answer) => answer.results ?? []);
  return { done: results.filter((result) => result.ok).map((result) => result.id), refused: results.filter((result) => !result.ok) };
};

/**
 * Runs a domain verb on one or many leads and says what happened.
 * @returns the outcome per lead, or null when the whole call was refused (the person has been told).
 */
export const useLeadVerbs = () => {
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const translate = useTranslate();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const report = useCallback(
    (verb: LeadVerb, outcome: VerbOutcome): VerbOutcome => {
      changed();
      if (outcome.done.length > 0) notify(translate(`verbs.${verb}.done`, { smart_count: outcome.done.length }), { type: 'success' });
      return outcome;
    },
    [changed, notify, translate],
  );
  const many = useCallback(
    async (ids: number[], verb: LeadVerb, body: Record<string, unknown> = {}): Promise<VerbOutcome | null> => {
      try {
        return report(verb, outcomeOf([await provider.leadsVerb(ids, verb, body)]));
      } catch (error) {
        const answer = refusalOfOne(ids, error);
        if (answer) return report(verb, outcomeOf([answer]));
        notify(refusalText(error), { type: 'error' });
        return null;
      }
    },
    [provider, notify, refusalText, report],
  );
  /** Claims leads that may lie in several pools: one call per pool. */
  const claim = useCallback(
    async (leads: readonly Pick<Lead, 'id' | 'pool'>[]): Promise<VerbOutcome | null> => {
      const byPool = new Map<number | null, number[]>();
      for (const lead of leads) byPool.set(lead.pool, [...(byPool.get(lead.pool) ?? []), lead.id]);
      const answers: BulkAnswer[] = [];
      try {
        for (const [pool, ids] of byPool) {
          const answer = provider.leadsVerb(ids, 'claim', pool === null ? {} : { pool });
          answers.push(
            await answer.catch((error: unknown) => {
              const refusal = refusalOfOne(ids, error);
              if (!refusal) throw error;
              return refusal;
            }),
          );
        }
        return report('claim', outcomeOf(answers));
      } catch (error) {
        if (answers.length > 0) report('claim', outcomeOf(answers));
        notify(refusalText(error), { type: 'error' });
        return null;
      }
    },
    [provider, notify, refusalText, report],
  );
  const claimNext = useCallback(
    async (poolId: number, count: number): Promise<VerbOutcome | null> => {
      try {
        return report('claim', outcomeOf([await provider.claimNext(poolId, count)]));
      } catch (error) {
        notify(refusalText(error), { type: 'error' });
        return null;
      }
    },
    [provider, notify, refusalText, report],
  );
  /** Says the first refusal of an outcome as a short note: for one lead, where a dialog would be in the way. */
  const tellRefusal = useCallback(
    (outcome: VerbOutcome | null): void => {
      const [first] = outcome?.refused ?? [];
      if (first) notify(refusalText(first), { type: 'error' });
    },
    [notify, refusalText],
  );
  return { many, claim, claimNext, tellRefusal };
};
