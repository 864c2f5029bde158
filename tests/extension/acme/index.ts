import { AppError, getKit, z, type Host, type NoticeMessage } from '@leadsea/crm-core';
import { getRouting, type DestinationKind, type RankingMethod } from '@leadsea/lead-routing';
import { getGrading, type DecayKind } from '@leadsea/lead-grading';
import { getLeads, type CaptureAdapter, type Reactor } from '@leadsea/leads';

/**
 * An implementer's plugin: what Acme adds to Leadsea without changing it. Everything is registered in `register()` and works from then on in
 * conditions, policies, captures, notices and configuration text.
 */

/** A fact: usable at once in filters, pools, scores, routing and SLA, because it is SQL over the lead's row. */
const emailLength = {
  subject: 'lead',
  key: 'lead.nameLength',
  label: { zh: '姓名长度', en: 'Length of the name' },
  type: 'number',
  operators: ['=', '>', '<'],
  accessField: 'name',
  sql: (alias: string) => ({ sql: `length(${alias}.name)`, bindings: [] }),
} as const;

/** A reactor: runs inside every change of a lead, after grading and before routing, on the whole set at once. */
const vip: Reactor = {
  stage: 'lifecycle',
  name: 'acme-vip',
  run: async (set) => {
    for (const { id, row, isNew } of set.entries) {
      if (!isNew || row.company !== 'Acme') continue;
      set.set(id, { campaign: 'acme-vip' });
      set.emit({ subject: 'lead', subjectId: id, type: 'acme.vip', data: { company: row.company } });
    }
  },
};

/** A form of payload nobody else sends: `{ kontakt: { voller_name, mail }, firma }`. */
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const kontakt: CaptureAdapter = (payload) => {
  const contact = isRecord(payload) ? payload['kontakt'] : null;
  if (!isRecord(payload) || !isRecord(contact)) return { error: { code: 'CAPTURE_SHAPE', message: 'Not a Kontakt form.' } };
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    values: { name: text(contact['voller_name']), email: text(contact['mail']), company: text(payload['firma']) },
    unmapped: {},
  };
};

/** A ranking: who knows more of what the lead asks for comes first; of equals whoever has fewer open leads, as far as `patience` says. */
const veteranParams = z.object({
  patience: z
    .number()
    .min(0)
    .max(10)
    .default(1)
    .meta({ label: { zh: '负荷权重', en: 'Weight of the load' } }),
  looksAt: z
    .enum(['both', 'product', 'industry'])
    .default('both')
    .meta({
      label: { zh: '比较的内容', en: 'What is compared' },
      help: { zh: '与人员技能比较的线索字段。', en: 'The values of the lead that are compared with what a person knows.' },
      options: {
        both: { zh: '产品和行业', en: 'Product and industry' },
        product: { zh: '仅产品', en: 'Product only' },
        industry: { zh: '仅行业', en: 'Industry only' },
      },
    }),
});
const veterans: RankingMethod<z.infer<typeof veteranParams>> = {
  key: 'acme-veterans',
  label: { zh: '专家优先', en: 'Experts first' },
  help: { zh: '匹配技能越多越靠前。', en: 'More skills that fit come first.' },
  params: veteranParams,
  fields: ({ looksAt }) => (looksAt === 'both' ? ['product', 'industry'] : [looksAt]),
  rank: (person, lead, { patience }) =>
    person.load * patience -
    100 * Object.values(lead.values).filter((value) => value !== null && person.skills.has(value.toLowerCase())).length,
};

/** A destination: the people of the office in the lead's city, by a skill such as `office:杭州`. One statement for all leads. */
const officeParams = z.object({ prefix: z.string().min(1).max(30).default('office') });
const office: DestinationKind<z.infer<typeof officeParams>> = {
  key: 'acme-office',
  label: { zh: '当地办公室', en: 'Local office' },
  params: officeParams,
  lint: ({ prefix }) => (prefix.includes(':') ? [{ level: 'error', code: 'ACME_PREFIX', message: 'The prefix has no colon.' }] : []),
  resolve: async ({ leads, params, db }) => {
    const { rows } = await db.raw<{ rows: { id: number; skills: string[] }[] }>(
      `SELECT id, skills FROM crm_members WHERE jsonb_typeof(skills) = 'array' AND skills::text LIKE ?`,
      [`%${params.prefix}:%`],
    );
    const inCity = (city: unknown): { member: number }[] =>
      rows.filter(({ skills }) => skills.includes(`${params.prefix}:${String(city)}`)).map(({ id }) => ({ member: id }));
    return new Map(leads.map(({ id, row }) => [id, inCity(row['city'])]));
  },
};

/** A decay: interest in a trade fair is whole until `days` have passed, and gone in as many again. */
const afterTheFair: DecayKind = {
  kind: 'after-the-fair',
  label: { zh: '展会后衰减', en: 'After the fair' },
  help: { zh: '先保持不变，再匀速归零。', en: 'Whole at first, then falling evenly to nothing.' },
  params: [{ key: 'days', label: { zh: '保持天数', en: 'Days it stays whole' }, default: 10, min: 1, max: 90 }],
  horizonDays: ({ days = 10 }) => 2 * days,
  left: (age, { days = 10 }) => (age < days ? 1 : Math.max(0, 2 - age / days)),
};

/** What reached the pager, for whoever holds one; a real one would call out. */
export const pager: NoticeMessage[] = [];

export default {
  register({ strapi }: { strapi: Host }): void {
    const kit = getKit(strapi);
    kit.conditions.addFacts([emailLength]);
    const leads = getLeads(strapi);
    leads.reactors.add(vip);
    leads.captureAdapters.add('kontakt', kontakt);
    const routing = getRouting(strapi);
    routing.addRanking(veterans);
    routing.addDestination(office);
    getGrading(strapi).addDecay(afterTheFair);
    kit.notices.addTypes([{ type: 'acme.page', label: { zh: '寻呼', en: 'Page' }, channels: ['inbox', 'pager'], urgent: true }]);
    kit.notices.addChannel({
      key: 'pager',
      label: { zh: '寻呼机', en: 'Pager' },
      ready: () => true,
      deliver: async (message) => {
        if (message.recipients.some(({ handle }) => handle === 'off')) throw new AppError('PAGER_OFF', 400, 'The pager is off.');
        pager.push(message);
      },
    });
  },
};
