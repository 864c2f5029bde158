import { getKit, insertRow, many, type Host } from '@leadsea/crm-core';
import { companyKey, leadKeys, soundKey } from '@leadsea/leads';
import { demoLeads, type DemoLead } from './people';

const DAY = 86_400_000;
/** So many companies of each region are known before the first lead comes; Chinese names are alike, so few of them make enough suggestions. */
const CUSTOMERS = { cn: 5, eu: 25 } as const;
/** What a deal is worth by the budget the lead spoke of. */
const WORTH: Readonly<Record<string, number>> = { under_50k: 32_000, '50k_200k': 120_000, over_200k: 360_000 };
const USUAL_WORTH = 80_000;

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

type Values = DemoLead['values'];

/** The companies most leads of a region come from, with the values of those leads. */
function largest(people: readonly DemoLead[], region: DemoLead['region']): [string, Values[]][] {
  const byName = new Map<string, Values[]>();
  for (const { values } of people.filter((lead) => lead.region === region)) {
    const name = text(values['company']);
    if (name) byName.set(name, [...(byName.get(name) ?? []), values]);
  }
  return [...byName].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1)).slice(0, CUSTOMERS[region]);
}

/** Companies that are known when the first lead comes: those most of the demo's leads will come from. Leads join them by themselves. */
export async function seedCustomers(strapi: Host, count: number): Promise<void> {
  const kit = getKit(strapi);
  const people = demoLeads(count);
  const taken = new Set<string>();
  for (const [name, leads] of [...largest(people, 'cn'), ...largest(people, 'eu')]) {
    const first = (field: string): unknown => leads.find((lead) => lead[field] !== undefined)?.[field] ?? null;
    const website = text(first('website'));
    const domain = website === null ? null : leadKeys({ website }, { defaultCountry: 'CN' }).domainKey;
    // The European companies of the demo share the domain that is kept for examples: it says nothing of who they are.
    const own = domain !== null && domain !== 'example.com' && !taken.has(domain);
    if (own) taken.add(domain);
    const key = companyKey(name);
    const columns = {
      name,
      website: own ? website : null,
      company_key: key,
      sound_key: soundKey(key),
      domain_key: own ? domain : null,
      version: 1,
      ...Object.fromEntries(['industry', 'employees', 'country', 'province', 'city'].map((field) => [field, first(field)])),
    };
    await insertRow(kit.db, 'crm_accounts', columns, kit.clock.now());
  }
}

interface Stood {
  readonly id: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly country: string | null;
  readonly budget: string | null;
  readonly stage: string;
  readonly disposition: string | null;
  readonly owner_id: number | null;
  readonly account_id: number | null;
  readonly stage_entered_at: Date;
  readonly since: Date;
}

/** Every lead that came so far in the days played has its opportunity, made when it did and closed when it was. */
export async function makeDeals(strapi: Host): Promise<void> {
  const kit = getKit(strapi);
  const leads = await many<Stood>(
    kit.db,
    `SELECT l.id, l.name, l.company, l.country, l.custom->>'budget' AS budget, l.stage, l.disposition, l.owner_id, l.account_id, l.stage_entered_at, e.since
     FROM crm_leads l JOIN LATERAL (SELECT min(at) AS since FROM crm_events WHERE subject = 'lead' AND subject_id = l.id AND type = 'lead.stage_changed' AND after->>'stage' = 'opportunity') e ON e.since IS NOT NULL
     WHERE l.merged_into IS NULL AND l.stage IN ('opportunity', 'won', 'lost') ORDER BY l.id`,
  );
  for (const lead of leads) {
    const closed = lead.stage !== 'opportunity';
    const worth = (WORTH[lead.budget ?? ''] ?? USUAL_WORTH) * (0.8 + ((lead.id * 37) % 41) / 100);
    const columns = {
      name: [lead.company, lead.name].filter(Boolean).join(' · ') || `#${lead.id}`,
      lead_id: lead.id,
      account_id: lead.account_id,
      owner_id: lead.owner_id,
      amount: Math.round(worth / 1000) * 1000,
      currency: lead.country === 'CN' ? 'CNY' : 'EUR',
      stage: closed ? lead.stage : 'open',
      reason: lead.stage === 'lost' ? lead.disposition : null,
      closed_at: closed ? lead.stage_entered_at : null,
      expected_at: new Date(lead.since.getTime() + (30 + ((lead.id * 13) % 45)) * DAY),
      custom: {},
    };
    await insertRow(kit.db, 'crm_opportunities', columns, lead.since);
  }
  await kit.db.raw(
    `UPDATE crm_accounts a SET owner_id = o.owner_id FROM (SELECT account_id, max(owner_id) AS owner_id FROM crm_opportunities WHERE account_id IS NOT NULL GROUP BY 1) o
     WHERE a.id = o.account_id AND a.owner_id IS NULL`,
  );
  await kit.timers.drain(kit.clock.now());
}
