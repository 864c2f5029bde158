import type { Actor, FactDescription, Kit } from '@leadsea/crm-core';
import { factValue } from '../../domain/conditions';
import type { FieldColumn } from '../../domain/study/features';
import type { History } from './decided';

/** Facts that say what the product or sales did with a lead, not what the lead is: they follow the outcome. */
const STATE = new Set(
  [
    'stage',
    'stageEnteredAt',
    'disposition',
    'doNotContactUntil',
    'quarantine',
    'isTest',
    'owner',
    'pool',
    'team',
    'account',
    'heldSince',
    'lastFollowUpAt',
    'nextActionAt',
    'recycleCount',
    'cycle',
    'capturedAt',
    'fitScore',
    'engagement',
    'intent',
    'score',
    'scoreGain',
    'grade',
    'label',
    'stars',
    'flames',
  ].map((name) => `lead.${name}`),
);
const KINDS: Readonly<Partial<Record<FactDescription['type'], FieldColumn['kind']>>> = {
  text: 'category',
  select: 'category',
  boolean: 'category',
  multiselect: 'list',
  number: 'number',
  count: 'number',
};

/** Facts a model may learn from: known of the lead itself, and readable by the person who asks. */
export function candidateFacts(kit: Kit, actor: Actor | null): readonly FactDescription[] {
  return kit.conditions.describe('lead').filter((fact) => {
    if (!fact.key.startsWith('lead.') || STATE.has(fact.key) || fact.args || KINDS[fact.type] === undefined) return false;
    if (actor === null || fact.accessField === undefined) return true;
    const access = kit.access.field(actor, 'leads', fact.accessField);
    return access === 'read' || access === 'write';
  });
}

const word = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;

const cell = (value: unknown, kind: FieldColumn['kind']): FieldColumn['values'][number] => {
  if (value === null || value === undefined || value === '') return null;
  if (kind === 'list') {
    const items = (Array.isArray(value) ? (value as readonly unknown[]) : [value]).flatMap((item) => word(item) ?? []);
    return items.length === 0 ? null : items;
  }
  if (kind !== 'number') return word(value);
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
};

/** The candidate facts as columns over the studied leads. */
export const factColumns = (facts: readonly FactDescription[], history: History): readonly FieldColumn[] =>
  facts.map((fact) => {
    const kind = KINDS[fact.type] ?? 'category';
    return { field: fact.key, kind, values: history.rows.map((row) => cell(factValue(fact.key, row), kind)) };
  });

/** How often each kind of thing was done by the time of the decision, as columns `behaviour.<kind>`; never is null. */
export function behaviourColumns(history: History): readonly FieldColumn[] {
  const kinds = new Set(history.engagements.flatMap((events) => events.filter((event) => event.human).map((event) => event.kind)));
  return [...kinds].sort().map((kind) => ({
    field: `behaviour.${kind}`,
    kind: 'number',
    values: history.engagements.map((events) => events.filter((event) => event.human && event.kind === kind).length || null),
  }));
}
