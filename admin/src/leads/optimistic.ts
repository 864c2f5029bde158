import type { QueryClient } from '@tanstack/react-query';
import type { Lead } from '../api/types';

type Patch = (lead: Lead) => Partial<Lead>;

const isLead = (value: unknown): value is Lead => typeof value === 'object' && value !== null && 'id' in value && 'stage' in value;

/** A cached answer with the leads among `ids` patched: one lead, a list, or a page `{ data }`; anything else stays as it is. */
export const patchedAnswer = (answer: unknown, ids: ReadonlySet<number>, patch: Patch): unknown => {
  const one = (lead: unknown): unknown => (isLead(lead) && ids.has(lead.id) ? { ...lead, ...patch(lead) } : lead);
  if (Array.isArray(answer)) return answer.map(one);
  if (isLead(answer)) return one(answer);
  if (typeof answer === 'object' && answer !== null && Array.isArray((answer as { data?: unknown }).data))
    return { ...answer, data: (answer as { data: unknown[] }).data.map(one) };
  return answer;
};

/** Shows a change before the server has answered; the function given back shows again what was there. */
export const showAtOnce = (client: QueryClient, ids: readonly number[], patch: Patch): (() => void) => {
  const wanted = new Set(ids);
  const before = client.getQueriesData({ queryKey: ['leads'] });
  client.setQueriesData({ queryKey: ['leads'] }, (answer: unknown) => patchedAnswer(answer, wanted, patch));
  return () => {
    for (const [key, answer] of before) client.setQueryData(key, answer);
  };
};
