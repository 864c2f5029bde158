import { getKit, insertRow } from '@leadsea/crm-core';
import type { Actor, Host, Kit } from '@leadsea/crm-core';
import { DEFAULT_MATCHING, lifecycleSchema, STANDARD_LIFECYCLE, type Lifecycle } from '../../contracts';
import { contentTypes } from './content-types';
import { SHIPPED_ROLES } from './domain/shipped-roles';
import { checkLifecycle } from './domain/lifecycle/transitions';
import { leadsMigrations } from './migrations';
import { accountRangesResource } from './resources/account-ranges';
import { metaOf } from './resources/meta';
import { editVerbs } from './resources/edits';
import { leadsResource } from './resources/leads';
import { activitiesResource } from './resources/activities';
import { accountsResource, engagementsResource, tasksResource } from './resources/others';
import { convertVerb, opportunitiesResource, registerSums, type SumGate } from './resources/opportunities';
import { campaignsResource } from './resources/campaigns';
import { consentVerbs } from './resources/consents';
import { sourcesResource, sourcesSection } from './resources/sources';
import { captureMiddleware, captureRouter } from './routes/capture';
import { accountMatchingKind } from './services/account-matching/policy-kind';
import { suggestionVerbs } from './services/account-matching/answers';
import { explainAccount, suggestionsResource } from './services/account-matching/suggestions';
import { registerFacts } from './services/facts';
import { redactHistory } from './services/history-gate';
import { duplicatesVerb } from './services/duplicates';
import { handleRanges, watchRanges } from './services/account-ranges';
import { accountMergeVerbs } from './services/account-merge';
import { registerExport, type ListGate } from './services/export';
import { registerLint } from './services/lint';
import { UNUSUAL_REVEALS } from './services/reveal-watch';
import { registerSetupSteps } from './services/setup-steps';
import { registerImports } from './services/imports';
import { createLeads, type LeadsService } from './services/leads';
import { previewLifecycle } from './services/lifecycle-preview';
import { registerMergeOption } from './services/merge-option';
import { keepRolledUp, registerReports } from './services/reports';
import { erasuresResource, eraseVerbs } from './resources/erasures';
import { mergeVerbs } from './services/merge';
import { watchLifecycle } from './services/stages';
import { taskWork, workList } from './services/work';

interface ReadGate {
  readMany(request: { readonly actor: Actor }, resource: string, ids: readonly number[]): Promise<Record<string, unknown>[]>;
}

const instances = new WeakMap<object, LeadsService>();

/** The leads service of a Strapi instance; made on first use, so that plugins may register in any order. */
export function leadsOf(strapi: Host): LeadsService {
  const known = instances.get(strapi);
  if (known) return known;
  const country = strapi.config.get<string | null>('plugin::leads.country', null);
  const leads = createLeads(getKit(strapi), { country: () => country, secret: () => secretOf(strapi) });
  instances.set(strapi, leads);
  return leads;
}

/** With what hashes of erased people are keyed: a secret of the installation that is not in its database. */
const secretOf = (strapi: Host): string =>
  strapi.config.get<string>('admin.secrets.encryptionKey', '') || strapi.config.get<string>('admin.apiToken.salt', '');

/** A new installation starts with the shipped roles and the standard stage graph; what is there is never touched. */
async function installDefaults(kit: Kit): Promise<void> {
  const now = kit.clock.now();
  if (!(await kit.db('crm_roles').first('id'))) {
    for (const role of SHIPPED_ROLES) {
      await insertRow(
        kit.db,
        'crm_roles',
        { key: role.key, label: role.label, resources: role.resources, fields: role.fields, reveal_pool: role.revealPool ?? false },
        now,
      );
    }
    await kit.db.raw(`SELECT pg_notify('crm_roles', '')`);
    await kit.access.refresh();
  }
  if (!(await kit.db('crm_policies').where({ kind: 'lifecycle' }).first('id'))) {
    await kit.policies.upsert(
      { kind: 'lifecycle', key: 'standard', name: '标准生命周期 / Standard', body: STANDARD_LIFECYCLE, publish: true },
      kit.actors.system('Installation'),
      now,
    );
  }
  if (!(await kit.db('crm_policies').where({ kind: 'account-matching' }).first('id'))) {
    await kit.policies.upsert(
      { kind: 'account-matching', key: 'standard', name: '标准客户匹配 / Standard', body: DEFAULT_MATCHING, publish: true },
      kit.actors.system('Installation'),
      now,
    );
  }
}

function defineResources(kit: Kit, leads: LeadsService): void {
  kit.resources.define(
    leadsResource({ kit, leads, explain: (what, id, context) => leads.explainLead(what, id, context), guards: () => leads.stageGuards }),
  );
  const sources = sourcesResource(kit, leads.captureAdapters);
  const deals = { kit, leads, guards: () => leads.stageGuards, converted: () => leads.convertListeners };
  for (const resource of [
    accountsResource(kit),
    accountRangesResource(kit),
    activitiesResource(kit),
    engagementsResource(),
    tasksResource(kit),
    suggestionsResource(),
    sources,
    opportunitiesResource(deals),
  ])
    kit.resources.define(resource);
  kit.resources.extend('leads', { verbs: [convertVerb(deals)] });
  kit.resources.define(campaignsResource(kit));
  kit.resources.define(erasuresResource);
  kit.config.addSection(sourcesSection(kit, sources, leads.captureAdapters));
  kit.resources.extend('events', { redact: redactHistory(kit, ['before', 'after', 'data']) });
  kit.resources.extend('decisions', { redact: redactHistory(kit, ['inputs', 'candidates', 'result']) });
}

/** The console's gateway: what export and duplicates show passes the same gate as every list. */
const gatewayOf = (strapi: Host): ListGate & ReadGate & SumGate =>
  (strapi.plugin('crm-core').service('core') as { gateway: ListGate & ReadGate & SumGate }).gateway;

function register({ strapi }: { strapi: Host }): void {
  const kit = getKit(strapi);
  const leads = leadsOf(strapi);
  kit.migrations.add('leads', leadsMigrations);
  kit.notices.addTypes([
    { type: 'lead.assigned', label: { zh: '新线索分给我', en: 'New lead for me' }, channels: ['inbox', 'mail'] },
    UNUSUAL_REVEALS,
  ]);
  kit.policies.define<Lifecycle>({
    kind: 'lifecycle',
    resource: 'lifecycles',
    label: { zh: '生命周期', en: 'Lifecycle' },
    schema: lifecycleSchema,
    lint: (body) => [
      ...checkLifecycle(body),
      ...body.transitions.flatMap((move, index) =>
        (['auto', 'guard'] as const).flatMap((part) =>
          move[part]
            ? kit.conditions
                .check(move[part], 'lead')
                .map((finding) => ({ ...finding, path: `transitions[${index}].${part}.${finding.path ?? ''}` }))
            : [],
        ),
      ),
    ],
    preview: (body) => previewLifecycle(kit, body),
    shadow: {
      instead: 'preview',
      reason: {
        zh: '线索的阶段由人推动，也被人看见：没有人会去操作一张看不见的阶段图，试运行得不出真实结果。预览给出各阶段的线索数、将失去阶段的线索，以及会自动流转的线索。',
        en: 'Stages are moved by people who see them: nobody would work by a graph that is not there, so a silent run would find nothing true. The preview counts the leads in each stage, those whose stage is gone, and those that would move by themselves.',
      },
    },
  });
  kit.policies.define(accountMatchingKind(kit));
  leads.explain('account', explainAccount(kit));
  kit.onReady('leads', async () => {
    await installDefaults(kit);
    await watchLifecycle(kit);
    keepRolledUp(kit);
    await watchRanges(kit);
  });
  registerFacts(kit);
  defineResources(kit, leads);
  registerImports(kit, leads);
  registerLint(kit);
  handleRanges(kit, leads);
  const gate = gatewayOf(strapi);
  registerMergeOption(kit, leads);
  registerExport(kit, gate);
  registerSums(kit, gate);
  registerReports(kit);
  kit.resources.extend('accounts', { verbs: accountMergeVerbs(kit, leads) });
  kit.resources.extend('leads', {
    verbs: [
      ...mergeVerbs(kit, leads.merging),
      ...eraseVerbs({
        kit,
        leads,
        secret: secretOf(strapi),
        listeners: () => leads.eraseListeners,
        words: () => leads.personalWords,
      }),
      ...consentVerbs(kit, leads),
      ...editVerbs(kit, leads),
      ...suggestionVerbs(kit, leads),
      duplicatesVerb(kit, ({ actor }, ids) => gate.readMany({ actor }, 'leads', ids)),
    ],
  });
  kit.addMeta(() => metaOf(kit));
  leads.addWork((actor, now) => taskWork(kit, actor, now));
  registerSetupSteps(kit);
  kit.addRoute('GET', '/work', async (ctx, { actor, now }) => {
    ctx.body = await workList(kit, leads, actor, now);
  });
}

export default {
  register,
  bootstrap: (): void => undefined,
  destroy: (): void => undefined,
  config: {
    /** ISO-2 country for phone numbers that carry none. */
    default: { country: null },
    validator: (config: { country?: unknown }): void => {
      if (config.country !== null && !(typeof config.country === 'string' && /^[A-Z]{2}$/.test(config.country)))
        throw new Error('leads: `country` must be an ISO-2 code or null.');
    },
  },
  contentTypes,
  services: { leads: ({ strapi }: { strapi: Host }) => leadsOf(strapi) },
  routes: { capture: captureRouter },
  controllers: {},
  policies: {},
  middlewares: { capture: captureMiddleware },
};
