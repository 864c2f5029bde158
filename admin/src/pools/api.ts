import { getJson, postJson } from '../api/http-client';
import type { BulkAnswer, LocalisedText, Option } from '../api/types';
import type { FairPlayPattern } from '@leadsea/lead-pools/contracts/fair-play';

/** The console API of the pools beyond the simple resources; instants are ISO 8601, durations seconds. */

export interface Use {
  readonly limit: number;
  readonly used: number;
  readonly resetsAt: string | null;
}
export interface Offer {
  readonly id: number;
  readonly lead: number;
  readonly offeredAt: string;
  readonly actBy: string;
}
export interface PullState {
  readonly waiting: number;
  readonly offer: Offer | null;
  readonly skips: Use;
  readonly skipReasons: readonly Option[];
  readonly order: readonly string[];
  readonly actWithinSeconds: number;
}

export const pull = {
  state: (pool: number) => getJson<PullState>(`/pools/${pool}/pull`),
  next: (pool: number) => postJson<{ offer: Offer; again: boolean; skips: Use }>(`/pools/${pool}/next`, {}),
  skip: (pool: number, body: { reason: string; note?: string }) => postJson<{ skips: Use }>(`/pools/${pool}/skip`, body),
};

export interface DropResult {
  readonly lead: number;
  readonly member: number | null;
  readonly memberName: string | null;
}
export interface DropEntry {
  readonly member: number;
  readonly leads: readonly number[];
  readonly weight: number;
  readonly received: number;
  readonly max: number;
  readonly excluded: readonly unknown[];
}
export interface Drop {
  readonly id: number;
  readonly pool: number;
  readonly mode: 'timed' | 'lottery';
  readonly state: 'open' | 'drawn' | 'released' | 'cancelled';
  readonly opensAt: string;
  readonly closesAt: string;
  readonly leads: readonly number[];
  readonly leadCount: number;
  readonly entrants: number;
  readonly mine: { readonly leads: readonly number[]; readonly at: string } | null;
  readonly seedHash: string;
  readonly seed: string | null;
  readonly result: readonly DropResult[] | null;
  readonly inputs?: { readonly leads: readonly number[]; readonly entries: readonly DropEntry[]; readonly perPerson: number } | null;
}
export interface Verification {
  readonly ok: boolean;
  readonly seedMatchesHash: boolean;
  readonly sameResult: boolean;
}

export const drops = {
  of: (pool: number) => getJson<{ next: string | null; drops: Drop[] }>(`/pools/${pool}/drops`),
  one: (id: number) => getJson<Drop>(`/pool-drops/${id}`),
  open: (pool: number) => postJson<Drop>(`/pools/${pool}/drops`, {}),
  register: (id: number, leads: readonly number[]) => postJson<Drop>(`/pool-drops/${id}/register`, leads.length > 0 ? { leads } : {}),
  withdraw: (id: number) => postJson<Drop>(`/pool-drops/${id}/withdraw`, {}),
  draw: (id: number) => postJson<Drop>(`/pool-drops/${id}/draw`, {}),
  cancel: (id: number) => postJson<Drop>(`/pool-drops/${id}/cancel`, {}),
  verify: (id: number) => getJson<Verification>(`/pool-drops/${id}/verify`),
};

export interface Memory {
  readonly owners: number;
  readonly attempts: number;
  readonly contacts: number;
  readonly exhausted: { readonly owners: number; readonly attempts: number } | null;
  readonly holdings: readonly {
    readonly member: number | null;
    readonly name: string | null;
    readonly from: string;
    readonly to: string | null;
    readonly ended: string | null;
    readonly reason: string | null;
    readonly attempts: number;
    readonly contacts: number;
  }[];
  readonly tried: readonly { readonly kind: string; readonly outcome: string | null; readonly count: number; readonly lastAt: string }[];
  readonly lastContactAt: string | null;
  /** Left alone until a date: who said so, and why. */
  readonly quiet?: { readonly name: string; readonly reason: string | null } | null;
  /** It was exhausted once and came back. */
  readonly revived?: { readonly at: string; readonly by: 'signal' | 'hand'; readonly name: string; readonly reason: string | null } | null;
  readonly call: {
    readonly hours: readonly {
      readonly weekday: number | null;
      readonly from: number;
      readonly to: number;
      readonly score: number;
      readonly why: 'contact' | 'engagement';
    }[];
    readonly avoid: readonly number[];
    readonly zone: string;
  };
}
export type ExhaustedWhy = 'owners' | 'attempts';
export interface ExhaustedLead {
  readonly id: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly pool: number | null;
  readonly grade: string | null;
  readonly at: string;
  readonly lastOwner: string | null;
  readonly owners: number;
  readonly attempts: number;
  readonly rule: { readonly owners: number | null; readonly attempts: number | null };
  /** By which counts it had enough. */
  readonly why: readonly ExhaustedWhy[];
  readonly tried: Memory['tried'];
}

export const memoryOf = (lead: number) => getJson<Memory>(`/leads/${lead}/memory`);
export const exhausted = {
  list: (asked: { pool: number | null; q: string; offset: number; limit: number }) =>
    getJson<{ leads: ExhaustedLead[]; total: number }>(`/pools/exhausted${query(asked)}`),
  story: (lead: number) => getJson<Memory>(`/pools/exhausted/${lead}`),
  revive: (body: { ids: readonly number[]; reason: string; pool?: number }) => postJson<BulkAnswer>('/pools/exhausted/revive', body),
};

export interface Finding {
  readonly pattern: FairPlayPattern;
  readonly member: number;
  readonly name: string;
  readonly others: readonly { readonly id: number; readonly name: string }[];
  readonly leads: readonly number[];
  readonly at: string;
  readonly count: number;
  /** Only suspected: it counts until somebody has decided. */
  readonly counted: boolean;
  readonly evidence: readonly {
    readonly event: number;
    readonly lead: number;
    readonly at: string;
    readonly text: LocalisedText | string;
  }[];
}
export interface FairPlayReport {
  readonly from: string;
  readonly to: string;
  readonly patterns: readonly { readonly key: FairPlayPattern; readonly label: LocalisedText }[];
  readonly people: readonly {
    readonly member: number;
    readonly name: string;
    readonly score: number;
    readonly counts: Readonly<Partial<Record<FairPlayPattern, number>>>;
  }[];
  readonly findings: readonly Finding[];
}

/** A query string of what is set. */
export const query = (values: Readonly<Record<string, string | number | null | undefined>>): string => {
  const set = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return set.length > 0 ? `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString()}` : '';
};

export const fairPlay = (filter: Readonly<Record<string, string | number | null>>) =>
  getJson<FairPlayReport>(`/pools/fair-play${query(filter)}`);

export type LookupStatus = 'free' | 'pool' | 'protected' | 'owned' | 'customer';
export interface LookupAnswer {
  readonly by: 'phone' | 'email' | 'company';
  readonly status: LookupStatus;
  readonly lead: number | null;
  readonly pool: { readonly id: number; readonly name: string; readonly canClaim: boolean } | null;
  readonly protectedUntil: string | null;
  readonly owner: { readonly id: number; readonly name: string } | null;
  readonly count: number;
}
export interface Lookup {
  readonly answers: readonly LookupAnswer[];
  readonly status: LookupStatus;
  readonly used: { readonly hour: number; readonly day: number };
  readonly limit: { readonly hour: number; readonly day: number };
}
export const lookUp = (what: Readonly<Record<string, string>>) => postJson<Lookup>('/leads/lookup', what);
