import { AppError, getKit, type Host, type NoticeMessage } from '@leadsea/crm-core';
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
