import { badRequest, notFound, type Kit, type ResourceVerb } from '@leadsea/crm-core';
import { z } from 'zod';
import { SIDES, type Contract } from '../../../contracts';
import { agreementOf, compareVersions, signContract } from '../services/agreements';
import { documentOfVersion, renderDocument } from '../services/documents';
import { contractsInForce, versionsOf } from '../services/in-force';
import { migrateClocks } from '../services/migrate';
import { bindLifecycle, supplyOf } from '../services/supply';
import { contractSchema } from '../../../contracts';
import { verbOfOne } from './verb-of-one';

const verb = verbOfOne('contract');

const version = z.coerce.number().int().positive();

/** The draft of a contract, or the body of one of its versions. */
async function bodyOf(kit: Kit, contractId: number, wanted?: number): Promise<Contract> {
  if (wanted !== undefined) {
    const found = (await versionsOf(kit, contractId)).find((one) => one.versionId === wanted);
    if (!found) throw notFound('Contract version');
    return found.body;
  }
  const row = await kit.db<{ id: number; draft: unknown }>('crm_policies').where({ id: contractId }).first();
  const parsed = contractSchema.safeParse(row?.draft);
  if (!parsed.success) throw badRequest('POLICY_INVALID', 'The draft is not valid yet.', { issues: parsed.error.issues });
  return parsed.data;
}

/** What a contract can do beyond any policy: be read, compared, signed, made the rule of the lifecycle. */
export const contractVerbs = (kit: Kit): ResourceVerb[] => [
  verb({
    name: 'agreement',
    method: 'GET',
    input: z.object({}),
    summary: 'Every version with its signatures and whether it runs.',
    access: 'read',
    run: ({ actor, now }, id) => agreementOf(kit, id, actor, now),
  }),
  verb({
    name: 'document',
    method: 'GET',
    input: z.object({ version: version.optional() }),
    summary: 'The contract as Markdown in both languages, with its hash; the draft when no version is named.',
    access: 'read',
    run: async (_context, id, input) => {
      if (input.version === undefined) return renderDocument(kit, await bodyOf(kit, id));
      await bodyOf(kit, id, input.version);
      return documentOfVersion(kit, input.version);
    },
  }),
  verb({
    name: 'compare',
    method: 'GET',
    input: z.object({ from: version, to: version }),
    summary: 'Two versions line by line.',
    access: 'read',
    run: (_context, id, { from, to }) => compareVersions(kit, id, from, to),
  }),
  verb({
    name: 'sign',
    input: z.object({
      versionId: z.int().positive(),
      side: z.enum(SIDES),
      hash: z.string().length(64),
      note: z.string().max(1000).nullish(),
    }),
    summary: 'Sign the newest version for one side.',
    run: async ({ actor, now }, id, input) => {
      await signContract(kit, id, input, actor, now);
      return agreementOf(kit, id, actor, now);
    },
  }),
  verb({
    name: 'supply',
    method: 'GET',
    input: z.object({ version: version.optional() }),
    summary: 'Whether marketing can supply enough leads under this definition.',
    access: 'read',
    run: async ({ now }, id, input) => supplyOf(kit, await bodyOf(kit, id, input.version), now),
  }),
  verb({
    name: 'bind',
    input: z.object({}),
    summary: 'Make the definition of a qualified lead the rule of the lifecycle.',
    access: 'publish',
    run: async ({ actor, now }, id) => {
      kit.access.assert(actor, 'lifecycles', 'publish');
      const running = (await contractsInForce(kit, now)).find((one) => one.contractId === id);
      if (!running) throw badRequest('CONTRACT_NOT_RUNNING', 'Only a contract in force can be the rule of the lifecycle.');
      return bindLifecycle(kit, running.body, actor, now);
    },
  }),
  verb({
    name: 'migrate',
    input: z.object({ apply: z.boolean().default(false) }),
    summary: 'Move open clocks of older versions to the one in force; without `apply` it only says what would happen (R-35).',
    access: 'publish',
    run: ({ actor, now }, id, { apply }) => migrateClocks(kit, id, apply, actor, now),
  }),
];
