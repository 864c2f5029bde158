import type { LeadRow, Lifecycle } from '../../../../../contracts';
import { fold, isBlank } from '../cells';
import { ERASED_PERSON, refusal, type Batch, type RowRefusal } from '../entity';
import type { FoundAccount } from './account-refs';
import type { FoundLead } from './lead-refs';
import type { People } from './people';
import type { RecordDraft } from './record-plan';
import { begin, createdBy, leavesKnown, overwrites, REPEATED, touch, type Row, type Slot, type Working } from './working';

const CLOSED = new Set(['won', 'lost', 'cancelled']);

const OPEN_TWICE = refusal('OPPORTUNITY_OPEN', 'This lead already has an open deal; a second one cannot be open beside it.');
const UNKNOWN = refusal('OPPORTUNITY_UNKNOWN', 'There is no deal with this id that you may change.');
const ELSEWHERE = refusal('OPPORTUNITY_OF_OTHER', 'The deal with this id belongs to another lead than the one the row names.');

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const instant = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);

/** What the rows of a step are looked up in, and the deals as they leave them. */
export interface DealDesk {
  readonly batch: Batch;
  readonly people: People;
  readonly byId: Map<number, Working>;
  readonly byLead: Map<number, Working[]>;
  readonly ids: Iterator<number>;
  readonly within: ReadonlySet<number>;
  readonly seen: Set<string> | null;
  readonly now: Date;
  /** Key of a reason by its key and its names; any other text is kept as it is. */
  readonly reasons: ReadonlyMap<string, string>;
}

export const reasonsOf = (graph: Lifecycle): ReadonlyMap<string, string> =>
  new Map(
    graph.transitions
      .flatMap(({ reasons }) => reasons ?? [])
      .flatMap(({ value, label }) => [value, label.zh, label.en].map((name): [string, string] => [fold(name), value])),
  );

/** What the row says, as columns; people and accounts found. */
interface Read {
  readonly columns: Record<string, unknown>;
  readonly createdAt: Date | null;
}

function read(desk: DealDesk, { values }: RecordDraft, account: FoundAccount): Read | RowRefusal {
  const owner = desk.people.owner(values['owner']);
  if (!owner.ok) return owner;
  if (!account.ok) return account;
  const state = values['state'];
  const closedAt = instant(values['closedAt']);
  // One column of dates is when a deal was closed, or is expected to be while it is open.
  const expectedAt = instant(values['expectedAt']) ?? (state === undefined || state === 'open' ? closedAt : null);
  const columns = {
    name: values['name'],
    account_id: account.id,
    owner_id: owner.person?.id ?? null,
    amount: values['amount'],
    currency: values['currency'],
    stage: state,
    reason: desk.reasons.get(fold(textOf(values['reason']))) ?? values['reason'],
    expected_at: expectedAt,
    closed_at: CLOSED.has(textOf(state)) ? (closedAt ?? instant(values['expectedAt'])) : null,
  };
  return {
    columns: Object.fromEntries(Object.entries(columns).filter(([, value]) => !isBlank(value))),
    createdAt: instant(values['createdAt']),
  };
}

/** A closed deal has a time it was closed at, and an open one has none and no reason. */
function closing(row: Row, now: Date): Record<string, unknown> {
  if (!CLOSED.has(textOf(row['stage']))) return { closed_at: null, reason: null };
  const at = row['closed_at'] instanceof Date ? row['closed_at'] : now;
  return { closed_at: at > now ? now : at };
}

const openOf = (desk: DealDesk, lead: number, but: Working | null): boolean =>
  (desk.byLead.get(lead) ?? []).some((one) => one !== but && one.after['stage'] === 'open');

function change(desk: DealDesk, working: Working, draft: RecordDraft, account: FoundAccount): Slot {
  const { options } = desk.batch.record;
  if (leavesKnown(options)) return { ok: true, working, status: 'skipped' };
  const found = read(desk, draft, account);
  if ('ok' in found) return found;
  const overwrite = overwrites(options, 'overwrite');
  const wanted = Object.fromEntries(Object.entries(found.columns).filter(([column]) => overwrite || isBlank(working.after[column])));
  const next: Row = { ...working.after, ...wanted };
  const columns = wanted['stage'] === undefined ? wanted : { ...wanted, ...closing(next, desk.now) };
  if (next['stage'] === 'open' && openOf(desk, Number(next['lead_id']), working)) return OPEN_TWICE;
  const status = touch(working, columns, draft.custom, { fields: desk.batch.fields, overwrite });
  return typeof status === 'string' ? { ok: true, working, status } : status;
}

function create(desk: DealDesk, lead: LeadRow, draft: RecordDraft, account: FoundAccount): Slot {
  const { record, actor, fields } = desk.batch;
  if (record.options.mode === 'update') return { ok: true, working: null, code: 'NOT_KNOWN' };
  const found = read(desk, draft, account);
  if ('ok' in found) return found;
  const next = desk.ids.next();
  if (next.done) throw new Error('Fewer ids than deals.');
  const bare: Row = {
    id: next.value,
    name: [lead.company, lead.name].filter(Boolean).join(' · ') || `#${lead.id}`,
    lead_id: lead.id,
    account_id: lead.account_id ?? null,
    owner_id: lead.owner_id ?? actor.memberId,
    currency: lead.currency ?? null,
    stage: 'open',
    ...found.columns,
    ...(found.createdAt === null ? {} : { created_at: found.createdAt.toISOString().replace('Z', '') }),
  };
  const row = { ...bare, ...closing(bare, desk.now) };
  if (row['stage'] === 'open' && openOf(desk, lead.id, null)) return OPEN_TWICE;
  const working = begin(row, lead.id, draft.custom, fields);
  if ('ok' in working) return working;
  desk.byId.set(working.id, working);
  desk.byLead.set(lead.id, [...(desk.byLead.get(lead.id) ?? []), working]);
  return { ok: true, working, status: 'created' };
}

const openLabel = (lead: unknown): string => `open ${String(lead)}`;
const dealLabel = (lead: unknown, name: unknown): string => `deal ${String(lead)} ${fold(textOf(name))}`;

/** Remembers deals a check has seen, for rows that come later in the file. */
export function rememberDeals(seen: Set<string>, slots: readonly Slot[]): void {
  for (const { lead, after } of createdBy(slots)) {
    seen.add(dealLabel(lead, after['name']));
    if (after['stage'] === 'open') seen.add(openLabel(lead));
  }
}

/** The deal a row is about, changed, or a new one. */
export function placeDeal(desk: DealDesk, draft: RecordDraft, found: FoundLead, account: FoundAccount): Slot {
  if (!found.ok) return found;
  if ('erased' in found) return { ok: true, working: null, code: ERASED_PERSON };
  const { lead } = found;
  const { id, name } = draft.values;
  const { mode } = desk.batch.record.options;
  const own = desk.byLead.get(lead.id) ?? [];
  if (typeof id === 'number') {
    const working = desk.byId.get(id);
    if (!working || !desk.within.has(id)) return UNKNOWN;
    return working.lead === lead.id ? change(desk, working, draft, account) : ELSEWHERE;
  }
  // The same deal is the one of that name; where the file names none, the one that is open.
  const known = own.find(({ after }) =>
    name === undefined ? after['stage'] === 'open' : fold(textOf(after['name'])) === fold(textOf(name)),
  );
  if (known) return known.before !== null && !desk.within.has(known.id) ? UNKNOWN : change(desk, known, draft, account);
  if (desk.seen?.has(name === undefined ? openLabel(lead.id) : dealLabel(lead.id, name)))
    return { ok: true, working: null, code: REPEATED };
  if ((draft.values['state'] ?? 'open') === 'open' && desk.seen?.has(openLabel(lead.id)) && mode !== 'update') return OPEN_TWICE;
  return create(desk, lead, draft, account);
}
