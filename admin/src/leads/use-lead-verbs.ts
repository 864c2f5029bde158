import { useQueryClient } from '@tanstack/react-query';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useCallback } from 'react';
import type { ConsoleProvider, LeadVerb } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { ApiError } from '../api/http-client';
import { useMe } from '../api/session-context';
import type { BulkAnswer, BulkResult, Lead } from '../api/types';
import { useOverride } from '../pools/override/override';
import { onlyLimits } from '../pools/together';
import { useLeadsChanged } from './leads-changed';
import { showAtOnce } from './optimistic';
import { useDoneNote } from './undo';

export { useLeadsChanged };

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

/** What a verb will make of a lead when it goes through; nothing for verbs whose outcome only the server knows. */
const expected = (verb: LeadVerb, body: Record<string, unknown>, me: number): ((lead: Lead) => Partial<Lead>) | null => {
  if ((verb === 'assign' || verb === 'transfer') && typeof body.owner === 'number') {
    const owner = body.owner;
    return () => ({ owner, pool: null });
  }
  if (verb === 'claim') return () => ({ owner: me, pool: null });
  if (verb === 'release') return (lead) => ({ owner: null, pool: typeof body.pool === 'number' ? body.pool : lead.pool });
  if (verb === 'stage' && typeof body.to === 'string') {
    const stage = body.to;
    return () => ({ stage });
  }
  return null;
};

/** A claim has limits of its own; giving back is its opposite. */
const NOT_UNDONE = new Set<LeadVerb>(['claim', 'activities', 'reveal', 'merge']);

/** Verbs whose limits may be passed with a reason by those who may. */
const LIMITED = new Set<LeadVerb>(['assign', 'transfer']);

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
  const client = useQueryClient();
  const me = useMe().member.id;
  const doneNote = useDoneNote();
  const passLimits = useOverride();
  const report = useCallback(
    (verb: LeadVerb, outcome: VerbOutcome, request: string | null = null): VerbOutcome => {
      changed();
      const count = { smart_count: outcome.done.length };
      if (outcome.done.length > 0) doneNote(translate(`verbs.${verb}.done`, count), NOT_UNDONE.has(verb) ? null : request);
      return outcome;
    },
    [changed, doneNote, translate],
  );
  const many = useCallback(
    async (ids: number[], verb: LeadVerb, body: Record<string, unknown> = {}): Promise<VerbOutcome | null> => {
      const patch = expected(verb, body, me);
      const back = patch ? showAtOnce(client, ids, patch) : () => undefined;
      try {
        let request: string | null = null;
        const send = async (some: number[], more: Record<string, unknown> = {}): Promise<VerbOutcome> => {
          try {
            const answer = await provider.leadsVerb(some, verb, { ...body, ...more });
            request = answer.request ?? request;
            return outcomeOf([answer]);
          } catch (error) {
            const refusal = refusalOfOne(some, error);
            if (!refusal) throw error;
            back();
            return outcomeOf([refusal]);
          }
        };
        const first = await send(ids);
        const outcome = LIMITED.has(verb) ? await passLimits(first, (some, override) => send(some, { override })) : first;
        return report(verb, outcome, request);
      } catch (error) {
        back();
        notify(refusalText(error), { type: 'error' });
        return null;
      }
    },
    [provider, notify, refusalText, report, client, me, passLimits],
  );
  /**
   * Claims leads that may lie in several pools: one call per pool. Where a limit refuses, those who may pass it are asked for a reason.
   * `all` = all leads of a pool or none of them.
   */
  const claim = useCallback(
    async (leads: readonly Pick<Lead, 'id' | 'pool'>[], { all = false }: { all?: boolean } = {}): Promise<VerbOutcome | null> => {
      const byPool = new Map<number | null, number[]>();
      for (const lead of leads) byPool.set(lead.pool, [...(byPool.get(lead.pool) ?? []), lead.id]);
      const answers: BulkAnswer[] = [];
      const send = async (ids: number[], pool: number | null, more: Record<string, unknown> = {}): Promise<BulkAnswer> => {
        try {
          return await provider.leadsVerb(ids, 'claim', { ...(pool === null ? {} : { pool }), ...(all && { all }), ...more });
        } catch (error) {
          const refusal = refusalOfOne(ids, error);
          if (!refusal) throw error;
          return refusal;
        }
      };
      try {
        for (const [pool, ids] of byPool) answers.push(await send(ids, pool));
        const first = outcomeOf(answers);
        const pass = async (ids: number[], override: { reason: string }): Promise<VerbOutcome> => {
          const again: BulkAnswer[] = [];
          for (const [pool, wanted] of byPool) {
            const some = wanted.filter((id) => all || ids.includes(id));
            if (some.length > 0) again.push(await send(some, pool, { override }));
          }
          return outcomeOf(again);
        };
        return report('claim', all && !onlyLimits(first.refused) ? first : await passLimits(first, pass));
      } catch (error) {
        if (answers.length > 0) report('claim', outcomeOf(answers));
        notify(refusalText(error), { type: 'error' });
        return null;
      }
    },
    [provider, notify, refusalText, report, passLimits],
  );
  const claimNext = useCallback(
    async (poolId: number, count: number): Promise<VerbOutcome | null> => {
      try {
        const first = outcomeOf([await provider.claimNext(poolId, count)]);
        const outcome = await passLimits(first, async (ids, override) =>
          outcomeOf([await provider.leadsVerb(ids, 'claim', { pool: poolId, override })]),
        );
        return report('claim', outcome);
      } catch (error) {
        notify(refusalText(error), { type: 'error' });
        return null;
      }
    },
    [provider, notify, refusalText, report, passLimits],
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
