import { AppError, badRequest, conflict, notFound } from '@leadsea/crm-core';
import { insertRow, updateRow, one } from '@leadsea/crm-core';
import type { Actor, CustomField, Kit, LocalisedText, ResourceDefinition, ResourceField } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { z } from 'zod';
import { customResourceFields } from './custom-fields';
import { companyKey, domainKey } from '../domain/identity';
import { soundKey } from '../domain/identity/sound';
import { parseCustomValues } from '../domain/values';
import { checkFieldRules } from '../services/apply/field-rules';

const l = (zh: string, en: string): LocalisedText => ({ zh, en });
const id: ResourceField = { name: 'id', type: 'id', sortable: true, filterable: true };
const plain = (name: string, type: ResourceField['type'], zh: string, en: string, more: Partial<ResourceField> = {}): ResourceField => ({
  name,
  type,
  label: l(zh, en),
  sortable: true,
  filterable: true,
  ...more,
});
const lead: ResourceField = {
  name: 'lead',
  type: 'reference',
  reference: 'leads',
  column: 'lead_id',
  label: l('线索', 'Lead'),
  filterable: true,
  sortable: true,
};
const w = { writable: true } as const;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export const ACCOUNT_COLUMNS: Readonly<Record<string, string>> = {
  name: 'name',
  website: 'website',
  industry: 'industry',
  employees: 'employees',
  annualRevenue: 'annual_revenue',
  country: 'country',
  province: 'province',
  city: 'city',
  phone: 'phone',
  owner: 'owner_id',
  custom: 'custom',
};

/** Values as columns, match keys included: a value that is cleared takes its key with it. `before` null = a new account. */
export function accountColumns(
  fields: readonly CustomField[],
  values: Record<string, unknown>,
  before: Record<string, unknown> | null,
): Record<string, unknown> {
  const columns: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(values)) if (ACCOUNT_COLUMNS[field]) columns[ACCOUNT_COLUMNS[field]] = value;
  const { name, website } = values;
  if (before === null || name !== undefined) {
    if (typeof name !== 'string' || name.trim() === '') throw badRequest('VALUE_REQUIRED', 'An account needs a name.', { field: 'name' });
    columns['company_key'] = companyKey(name);
    columns['sound_key'] = soundKey(companyKey(name));
  }
  if (website !== undefined) columns['domain_key'] = typeof website === 'string' && website.trim() !== '' ? domainKey(website) : null;
  const given = isRecord(values['custom']) ? values['custom'] : {};
  if (before !== null && values['custom'] === undefined) return columns;
  const { custom, problems } = parseCustomValues(given, fields, before === null);
  const [problem] = problems;
  if (problem) throw badRequest(problem.code, problem.message, { field: problem.field, problems });
  columns['custom'] = { ...(isRecord(before?.['custom']) ? before['custom'] : {}), ...custom };
  return columns;
}

/** @throws AppError with the code of the first rule of a custom field that the change breaks */
async function assertAccountRules(
  kit: Kit,
  trx: Knex.Transaction,
  { actor, now }: { actor: Actor; now: Date },
  values: Record<string, unknown>,
  before: Record<string, unknown> | null,
  after: Record<string, unknown>,
): Promise<void> {
  const row = (from: Record<string, unknown>): { id: number; custom: Record<string, unknown> } => ({
    ...from,
    id: Number(from['id']),
    custom: isRecord(from['custom']) ? from['custom'] : {},
  });
  const given = new Set(Object.keys(isRecord(values['custom']) ? values['custom'] : {}));
  const changes = [{ before: before && row(before), after: row(after), given }];
  const [problems = []] = await checkFieldRules({ kit, trx, actor, now, subject: 'account' }, kit.custom.fields('account'), changes);
  const [problem] = problems;
  if (problem) throw badRequest(problem.code, problem.message, { field: problem.field, problems });
}

/** @throws AppError RECEIVER_NOT_ALLOWED when the roles of the actor do not give accounts to this member */
async function assertReceiver(kit: Kit, actor: Actor, owner: unknown): Promise<void> {
  if (typeof owner !== 'number') return;
  const receiver = await kit.actors.member(owner).catch(() => null);
  if (receiver && !kit.access.mayGiveTo(actor, receiver))
    throw new AppError('RECEIVER_NOT_ALLOWED', 403, 'Your role does not give accounts to this person.', { field: 'owner' });
}

/** The team follows the owner. */
async function teamOf(trx: Knex.Transaction, owner: unknown): Promise<number | null> {
  if (owner === null) return null;
  const member = await one<{ team_id: number | null }>(trx, 'SELECT team_id FROM crm_members WHERE id = ? AND active', [owner]);
  if (!member) throw badRequest('OWNER_UNKNOWN', 'This person is not an active member.', { field: 'owner' });
  return member.team_id;
}

export function accountsResource(kit: Kit): ResourceDefinition {
  return {
    name: 'accounts',
    table: 'crm_accounts',
    subject: 'account',
    fields: [
      id,
      plain('name', 'text', '客户名称', 'Name', w),
      plain('website', 'text', '网站', 'Website', w),
      plain('industry', 'text', '行业', 'Industry', w),
      plain('employees', 'number', '员工数', 'Employees', w),
      plain('annualRevenue', 'money', '年营收', 'Annual revenue', w),
      plain('country', 'text', '国家', 'Country', w),
      plain('province', 'text', '省份', 'Province', w),
      plain('city', 'text', '城市', 'City', w),
      plain('phone', 'text', '电话', 'Phone', { ...w, mask: 'phone' }),
      plain('owner', 'reference', '负责人', 'Owner', { ...w, column: 'owner_id', reference: 'members' }),
      plain('team', 'reference', '团队', 'Team', { column: 'team_id', reference: 'teams' }),
      plain('version', 'number', '版本', 'Version', { sortable: false, filterable: false }),
      plain('leads', 'number', '线索数', 'Leads', {
        filterable: false,
        sortable: false,
        sql: (alias) => `(SELECT count(*)::int FROM crm_leads x WHERE x.account_id = ${alias}.id AND x.merged_into IS NULL)`,
      }),
    ],
    dynamicFields: customResourceFields(kit, 'account'),
    search: ['name', 'website'],
    defaultSort: ['name', 'ASC'],
    create: ({ actor, now }, values) =>
      kit.db.transaction(async (trx) => {
        const columns = accountColumns(kit.custom.fields('account'), values, null);
        await assertAccountRules(kit, trx, { actor, now }, values, null, { id: 0, ...columns });
        const team = values['owner'] === undefined ? actor.teamId : await teamOf(trx, values['owner']);
        const created = await insertRow(trx, 'crm_accounts', { owner_id: actor.memberId, version: 1, ...columns, team_id: team }, now);
        await kit.events.append(
          trx,
          [{ subject: 'account', subjectId: created, type: 'account.created', after: values }],
          actor,
          { type: 'create' },
          now,
        );
        return created;
      }),
    versionField: 'version',
    update: async ({ actor, now }, accountId, values, expect) => {
      await assertReceiver(kit, actor, values['owner']);
      await kit.db.transaction(async (trx) => {
        const before = await one<Record<string, unknown>>(trx, 'SELECT * FROM crm_accounts WHERE id = ? FOR UPDATE', [accountId]);
        if (!before) throw notFound('Account');
        const version = Number(before['version'] ?? 1);
        if (expect && expect.version !== version)
          throw conflict('STALE', 'Somebody else changed this record meanwhile. Reload and try again.', {
            what: 'version',
            version,
            given: expect.version,
          });
        const edited = accountColumns(kit.custom.fields('account'), values, before);
        await assertAccountRules(kit, trx, { actor, now }, values, before, { ...before, ...edited });
        const columns = {
          ...edited,
          version: version + 1,
          ...(values['owner'] === undefined ? {} : { team_id: await teamOf(trx, values['owner']) }),
        };
        await updateRow(trx, 'crm_accounts', accountId, columns, now);
        const was = Object.fromEntries(Object.keys(values).map((field) => [field, before[ACCOUNT_COLUMNS[field] ?? ''] ?? null]));
        await kit.events.append(
          trx,
          [{ subject: 'account', subjectId: accountId, type: 'account.updated', before: was, after: values }],
          actor,
          { type: 'edit' },
          now,
        );
      });
    },
  };
}

export const engagementsResource = (): ResourceDefinition => ({
  name: 'engagements',
  table: 'crm_engagements',
  rows: { via: { column: 'lead_id', resource: 'leads' } },
  fields: [
    id,
    lead,
    plain('kind', 'select', '行为', 'Kind'),
    plain('asset', 'text', '内容', 'Asset'),
    plain('product', 'text', '产品', 'Product'),
    plain('occurredAt', 'datetime', '时间', 'When'),
    plain('human', 'boolean', '真人', 'Human'),
  ],
  defaultSort: ['occurredAt', 'DESC'],
});

export function tasksResource(kit: Kit): ResourceDefinition {
  return {
    name: 'tasks',
    table: 'crm_tasks',
    rows: { owner: 'owner_id', via: { column: 'lead_id', resource: 'leads' } },
    fields: [
      id,
      lead,
      plain('owner', 'reference', '负责人', 'Owner', { column: 'owner_id', reference: 'members' }),
      plain('kind', 'select', '类型', 'Kind'),
      plain('key', 'text', '标识', 'Key'),
      plain('title', 'json', '标题', 'Title', { sortable: false, filterable: false }),
      plain('link', 'text', '链接', 'Link', { sortable: false, filterable: false }),
      plain('dueAt', 'datetime', '截止', 'Due'),
      plain('state', 'select', '状态', 'State'),
      plain('closedAt', 'datetime', '完成时间', 'Closed'),
    ],
    defaultSort: ['dueAt', 'ASC'],
    verbs: [
      {
        name: 'done',
        target: 'record',
        input: z.object({}),
        summary: 'Mark the task done.',
        access: 'update',
        run: async ({ actor, now }, ids) => {
          await kit.db.transaction(async (trx) => {
            const { rows } = await trx.raw<{ rows: { id: number; lead_id: number | null }[] }>(
              `UPDATE crm_tasks SET state = 'done', closed_at = ? WHERE id = ANY(?::int[]) AND state = 'open' RETURNING id, lead_id`,
              [now, [...ids]],
            );
            await kit.events.append(
              trx,
              // A review of a contract or model is about no lead.
              rows.map((row) => ({
                subject: row.lead_id === null ? 'task' : 'lead',
                subjectId: row.lead_id ?? row.id,
                type: 'task.done',
                data: { task: row.id },
              })),
              actor,
              { type: 'task' },
              now,
            );
          });
          return { results: ids.map((one) => ({ id: one, ok: true })) };
        },
      },
    ],
  };
}
