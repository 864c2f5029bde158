import { badRequest } from '@leadsea/crm-core';
import type { Actor, Kit } from '@leadsea/crm-core';
import type { ConvertListener, EraseListener, LeadQuota, Leads, MergeListener, StageGuard, WorkItem } from '../../../contracts';
import { createDoor } from './apply/apply';
import { createCaptureAdapters } from './capture-adapters';
import { suppressed, type Suppressed } from './erasure/suppression';
import type { PersonalWords } from './erasure/tables';
import { createMerges } from './merge';
import { accountReactor } from './reactors/account';
import { accountIpReactor } from './reactors/account-ip';
import { holdingReactor } from './reactors/holding';
import { lifecycleReactor } from './reactors/lifecycle';
import { tasksReactor } from './reactors/tasks';

type Explainer = (leadId: number, context: { actor: Actor; now: Date }) => Promise<unknown>;
type QuotaSource = (now: Date) => Promise<readonly LeadQuota[]>;
type WorkSource = (actor: Actor, now: Date) => Promise<readonly WorkItem[]>;

/** What this plugin keeps for itself besides the `Leads` it offers. */
export interface LeadsService extends Leads {
  readonly mergeListeners: readonly MergeListener[];
  readonly convertListeners: readonly ConvertListener[];
  readonly eraseListeners: readonly EraseListener[];
  readonly personalWords: readonly PersonalWords[];
  readonly suppressed: Suppressed;
  readonly stageGuards: readonly StageGuard[];
  /** ISO-2 country of phone numbers that carry none. */
  country(): string | null;
  explainLead(what: string, leadId: number, context: { actor: Actor; now: Date }): Promise<unknown>;
  workFor(actor: Actor, now: Date): Promise<readonly WorkItem[]>;
}

export function createLeads(kit: Kit, settings: { country(): string | null; secret?(): string }): LeadsService {
  const door = createDoor(kit, settings);
  const explainers = new Map<string, Explainer>();
  const sources: WorkSource[] = [];
  const quotaSources: QuotaSource[] = [];
  const mergeListeners: MergeListener[] = [];
  const convertListeners: ConvertListener[] = [];
  const eraseListeners: EraseListener[] = [];
  const personalWords: PersonalWords[] = [];
  const stageGuards: StageGuard[] = [];
  for (const reactor of [accountReactor, accountIpReactor(kit), lifecycleReactor(kit), holdingReactor, tasksReactor])
    door.reactors.add(reactor);
  const merging = createMerges(kit, { apply: door.apply, mergeListeners });
  return {
    reactors: door.reactors,
    merging,
    apply: door.apply,
    simulate: door.simulate,
    explain: (what, provider) => {
      if (explainers.has(what)) throw new Error(`Two plugins explain "${what}".`);
      explainers.set(what, provider);
    },
    mergeListeners,
    convertListeners,
    eraseListeners,
    personalWords,
    suppressed: (db, keys) => suppressed(db, settings.secret?.() ?? '', keys),
    stageGuards,
    country: settings.country,
    captureAdapters: createCaptureAdapters(),
    guardStages: (guard) => {
      stageGuards.push(guard);
    },
    onMerge: (listener) => {
      mergeListeners.push(listener);
    },
    onConvert: (listener) => {
      convertListeners.push(listener);
    },
    onErase: (listener) => {
      eraseListeners.push(listener);
    },
    personal: (table, columns) => {
      personalWords.push({ table, columns });
    },
    addWork: (source) => {
      sources.push(source);
    },
    addQuotas: (source) => {
      quotaSources.push(source);
    },
    quotas: async (now) => (await Promise.all(quotaSources.map((source) => source(now)))).flat(),
    explainLead: (what, leadId, context) => {
      const provider = explainers.get(what);
      if (!provider) throw badRequest('EXPLAIN_UNKNOWN', `There is no explanation of "${what}".`, { known: [...explainers.keys()] });
      return provider(leadId, context);
    },
    workFor: async (actor, now) => (await Promise.all(sources.map((source) => source(actor, now)))).flat(),
  };
}
