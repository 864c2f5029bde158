import {
  badRequest,
  conflict,
  forbidden,
  insertRow,
  many,
  notFound,
  type Actor,
  type Kit,
  type LocalisedText,
  type NoticeInput,
  type PolicyVersion,
} from '@leadsea/crm-core';
import type { Knex } from 'knex';
import { SIDES, type Contract, type Side } from '../../../contracts';
import { isSigned, maySign, signatoryOf, statusOf, type ContractStatus } from '../domain/agreement';
import { diffLines, type DiffLine } from '../domain/text-diff';
import { documentOfVersion, keepDocument } from './documents';
import { contractsInForce, forgetInForce, versionsOf } from './in-force';

export interface Signature {
  readonly versionId: number;
  readonly side: Side;
  readonly memberId: number | null;
  readonly name: string;
  readonly hash: string;
  readonly note: string | null;
  readonly at: Date;
}

export interface AgreementVersion {
  readonly versionId: number;
  readonly number: number;
  readonly publishedAt: Date;
  readonly status: ContractStatus;
  readonly effectiveFrom: Date | null;
  readonly effectiveTo: Date | null;
  readonly signing: 'both' | 'none';
  readonly hash: string;
  readonly signatures: readonly (Signature & { readonly valid: boolean })[];
  /** Sides this member may sign for and nobody has signed for yet. */
  readonly mine: readonly Side[];
}

const signaturesOf = (kit: Kit, contractId: number): Promise<Signature[]> =>
  many<Signature>(
    kit.db,
    `SELECT version_id AS "versionId", side, member_id AS "memberId", member_name AS name, hash, note, at
     FROM crm_sla_signatures WHERE contract_id = ? ORDER BY at, id`,
    [contractId],
  );

/** Every published version of a contract: what it says, who signed it, whether it runs. Newest first. */
export async function agreementOf(kit: Kit, contractId: number, actor: Actor, now: Date): Promise<readonly AgreementVersion[]> {
  const [versions, signatures, inForce] = await Promise.all([
    versionsOf(kit, contractId),
    signaturesOf(kit, contractId),
    contractsInForce(kit, now),
  ]);
  const runs = new Set(inForce.map((version) => version.versionId));
  const documents = new Map(
    await Promise.all(versions.map(async ({ versionId }) => [versionId, await documentOfVersion(kit, versionId)] as const)),
  );
  return versions.map(({ versionId, number, publishedAt, body, sides, span }) => {
    const hash = documents.get(versionId)?.hash ?? '';
    return {
      versionId,
      number,
      publishedAt,
      status: statusOf(body, sides, span, runs.has(versionId), now),
      effectiveFrom: span.from,
      effectiveTo: span.to,
      signing: body.signing ?? 'none',
      hash,
      signatures: signatures.filter((one) => one.versionId === versionId).map((one) => ({ ...one, valid: one.hash === hash })),
      mine: isSigned(body, sides)
        ? []
        : SIDES.filter((side) => !sides.includes(side) && maySign(body, side, { id: actor.memberId, roles: actor.roles })),
    };
  });
}

const involved = (trx: Knex | Knex.Transaction, roles: readonly string[], members: readonly number[]): Promise<{ id: number }[]> =>
  many<{ id: number }>(
    trx,
    `SELECT m.id FROM crm_members m WHERE m.active AND (m.id = ANY(?::int[]) OR jsonb_exists_any(coalesce(m.roles, '[]')::jsonb, ?::text[])) ORDER BY m.id`,
    [[...members], [...roles]],
  );

/** Roles whose daily work a contract measures. */
const WORKING_ROLES = ['sales', 'sdr', 'sales-manager', 'marketing'];

async function signers(trx: Knex | Knex.Transaction, body: Contract): Promise<number[]> {
  const both = SIDES.map((side) => signatoryOf(body, side));
  return (
    await involved(
      trx,
      both.flatMap(({ roles }) => roles),
      both.flatMap(({ members }) => members),
    )
  ).map(({ id }) => id);
}

async function everybody(trx: Knex | Knex.Transaction, body: Contract): Promise<number[]> {
  const both = SIDES.map((side) => signatoryOf(body, side));
  const roles = [...WORKING_ROLES, ...both.flatMap((one) => one.roles)];
  return (
    await involved(
      trx,
      roles,
      both.flatMap((one) => one.members),
    )
  ).map(({ id }) => id);
}

const notice =
  (contractId: number, type: string, title: LocalisedText, body?: LocalisedText) =>
  (memberId: number): NoticeInput => ({
    memberId,
    type,
    subject: 'policy',
    subjectId: contractId,
    title,
    ...(body ? { body } : {}),
    link: `/sla/contracts/${contractId}`,
  });

/** A new version: its text is kept, those who sign are asked to, or everybody involved is told. */
export async function onContractPublished(kit: Kit, trx: Knex.Transaction, version: PolicyVersion<Contract>, now: Date): Promise<void> {
  const { policyId, body, number, versionId } = version;
  await keepDocument(kit, trx, versionId, body);
  const unsigned = (body.signing ?? 'none') === 'both';
  const to = unsigned ? await signers(trx, body) : await everybody(trx, body);
  const title = unsigned
    ? { zh: `请签署：${body.title.zh}（第 ${number} 版）`, en: `Please sign: ${body.title.en} (version ${number})` }
    : { zh: `已生效：${body.title.zh}（第 ${number} 版）`, en: `In force: ${body.title.en} (version ${number})` };
  await kit.notify(trx, to.map(notice(policyId, unsigned ? 'sla.sign' : 'sla.published', title)), now);
  if (!unsigned) await planReview(kit, trx, policyId, body, now);
}

async function planReview(kit: Kit, trx: Knex.Transaction, contractId: number, body: Contract, now: Date): Promise<void> {
  const key = `sla-review:${contractId}`;
  if (!body.reviewMonths) return kit.timers.cancel(trx, [key], now);
  const dueAt = new Date(now);
  dueAt.setUTCMonth(dueAt.getUTCMonth() + body.reviewMonths);
  await kit.timers.arm(trx, [{ kind: 'sla.review', key, subject: 'policy', subjectId: contractId, dueAt }], now);
}

const REVIEW_DAYS = 14;

/** `sla.review`: a task for everybody who signs, and the next review. */
export async function reviewContract(kit: Kit, trx: Knex.Transaction, contractId: number, now: Date): Promise<void> {
  const version = (await contractsInForce(kit, now)).find((one) => one.contractId === contractId);
  if (!version) return;
  const { body } = version;
  const title = { zh: `复核 SLA 合约：${body.title.zh}`, en: `Review the SLA contract: ${body.title.en}` };
  const dueAt = new Date(now.getTime() + REVIEW_DAYS * 86_400_000);
  const owners = await signers(trx, body);
  for (const ownerId of owners)
    await insertRow(
      trx,
      'crm_tasks',
      { owner_id: ownerId, kind: 'review', key: `sla-review:${contractId}`, title, due_at: dueAt, state: 'open' },
      now,
    );
  await kit.notify(trx, owners.map(notice(contractId, 'sla.review', title)), now);
  await planReview(kit, trx, contractId, body, now);
}

export interface SignInput {
  readonly versionId: number;
  readonly side: Side;
  /** Of the text that was read: somebody who signs another text than he saw has signed nothing. */
  readonly hash: string;
  readonly note?: string | null;
}

/** Signs a version for one side. @throws AppError SIGN_… */
export async function signContract(kit: Kit, contractId: number, input: SignInput, actor: Actor, now: Date): Promise<void> {
  const versions = await versionsOf(kit, contractId);
  const version = versions.find((one) => one.versionId === input.versionId);
  if (!version) throw notFound('Contract version');
  const { body } = version;
  if ((body.signing ?? 'none') === 'none') throw badRequest('SIGN_NOT_NEEDED', 'This contract needs no signature.');
  if (version !== versions[0]) throw conflict('SIGN_REPLACED', 'A newer version has been published. Read and sign that one.');
  if (actor.memberId === null || !maySign(body, input.side, { id: actor.memberId, roles: actor.roles }))
    throw forbidden('You do not sign for this side.', { side: input.side });
  const document = await documentOfVersion(kit, input.versionId);
  if (document.hash !== input.hash) throw conflict('SIGN_OTHER_TEXT', 'The text is another one than you have read. Read it again.');
  await kit.db.transaction(async (trx) => {
    // Two signatures at once: the second waits, so that one of them sees that both are there.
    await trx.raw('SELECT id FROM crm_policies WHERE id = ? FOR UPDATE', [contractId]);
    const signed = await many<{ side: Side; member_id: number | null }>(
      trx,
      'SELECT side, member_id FROM crm_sla_signatures WHERE version_id = ?',
      [input.versionId],
    );
    if (signed.some((one) => one.side === input.side)) throw conflict('SIGN_TWICE', 'Somebody has signed for this side already.');
    if (signed.some((one) => one.member_id === actor.memberId)) throw conflict('SIGN_BOTH_SIDES', 'Nobody signs for both sides.');
    await trx('crm_sla_signatures').insert({
      contract_id: contractId,
      version_id: input.versionId,
      side: input.side,
      member_id: actor.memberId,
      member_name: actor.name,
      hash: input.hash,
      note: input.note ?? null,
      at: now,
    });
    const event = {
      subject: 'policy',
      subjectId: contractId,
      type: 'contract.signed',
      policyVersionId: input.versionId,
      data: { side: input.side, hash: input.hash },
    };
    await kit.events.append(trx, [event], actor, { type: 'sign', id: String(contractId) }, now);
    if (signed.length + 1 === SIDES.length) {
      const when = body.effectiveFrom ?? null;
      const title = {
        zh: `双方已签署：${body.title.zh}${when ? `，${when} 起生效` : '，现已生效'}`,
        en: `Signed by both sides: ${body.title.en}${when ? `, in force from ${when}` : ', in force now'}`,
      };
      await kit.notify(trx, (await everybody(trx, body)).map(notice(contractId, 'sla.published', title)), now);
      await planReview(kit, trx, contractId, body, now);
    }
    await trx.raw(`SELECT pg_notify('crm_policies', 'sla-contract')`);
  });
  forgetInForce(kit);
  await contractsInForce(kit, now);
}

/** Signs the newest version as it reads now. */
export async function signNewest(kit: Kit, contractId: number, side: Side, actor: Actor, now: Date): Promise<void> {
  const [newest] = await versionsOf(kit, contractId);
  if (!newest) throw notFound('Contract version');
  const { hash } = await documentOfVersion(kit, newest.versionId);
  await signContract(kit, contractId, { versionId: newest.versionId, side, hash }, actor, now);
}

/** Two versions of a contract compared line by line, in both languages. */
export async function compareVersions(
  kit: Kit,
  contractId: number,
  from: number,
  to: number,
): Promise<{ readonly zh: DiffLine[]; readonly en: DiffLine[] }> {
  const known = new Set((await versionsOf(kit, contractId)).map((version) => version.versionId));
  if (!known.has(from) || !known.has(to)) throw notFound('Contract version');
  const [before, after] = await Promise.all([documentOfVersion(kit, from), documentOfVersion(kit, to)]);
  return { zh: diffLines(before.zh, after.zh), en: diffLines(before.en, after.en) };
}
