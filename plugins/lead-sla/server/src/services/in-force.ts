import { calendarTime, many, type Kit } from '@leadsea/crm-core';
import { SLA_KIND, type Contract } from '../../../contracts';
import { effectiveSpan, isInForce, isSigned, type Span } from '../domain/agreement';

/** A version of a contract with what decides whether it runs. */
export interface ContractVersion {
  readonly contractId: number;
  readonly versionId: number;
  readonly number: number;
  readonly key: string;
  readonly name: string;
  readonly body: Contract;
  readonly publishedAt: Date;
  readonly sides: readonly string[];
  readonly span: Span;
}

interface VersionRow {
  readonly contract_id: number;
  readonly version_id: number;
  readonly number: number;
  readonly key: string;
  readonly name: string;
  readonly body: Contract;
  readonly published_at: Date;
  readonly sides: string[];
}

const VERSIONS = `
  SELECT p.id AS contract_id, v.id AS version_id, v.number, p.key, p.name, v.body, v.published_at,
    ARRAY(SELECT s.side FROM crm_sla_signatures s WHERE s.version_id = v.id ORDER BY s.side) AS sides
  FROM crm_policies p JOIN crm_policy_versions v ON v.policy_id = p.id
  WHERE p.kind = '${SLA_KIND}' AND p.state = 'live'`;

async function toVersion(kit: Kit, row: VersionRow): Promise<ContractVersion> {
  const calendar = await kit.calendar(row.body.calendar ?? null);
  const startOf = (day: string): Date => {
    const noon = new Date(`${day}T12:00:00Z`);
    return calendar ? calendarTime.startOfLocalDay(calendar, noon) : new Date(`${day}T00:00:00Z`);
  };
  return {
    contractId: row.contract_id,
    versionId: row.version_id,
    number: row.number,
    key: row.key,
    name: row.name,
    body: row.body,
    publishedAt: row.published_at,
    sides: row.sides,
    span: effectiveSpan(row.body, startOf),
  };
}

/** All versions of a contract, newest first, each with its signatures. */
export async function versionsOf(kit: Kit, contractId: number): Promise<ContractVersion[]> {
  const rows = await many<VersionRow>(kit.db, `${VERSIONS} AND p.id = ? ORDER BY v.number DESC`, [contractId]);
  return Promise.all(rows.map((row) => toVersion(kit, row)));
}

/** The newest version of a contract that both sides have signed and whose days have come; the one that runs. */
const running = (versions: readonly ContractVersion[], now: Date): ContractVersion | null =>
  versions.find((version) => isSigned(version.body, version.sides) && isInForce(version.span, now)) ?? null;

interface Remembered {
  readonly stamp: string;
  readonly versions: readonly (readonly ContractVersion[])[];
}

const remembered = new WeakMap<Kit, Remembered>();
const epochs = new WeakMap<Kit, { value: number }>();

/** Forgets what is in force, on this node: after a signature. Other nodes hear of it on `crm_policies`. */
export function forgetInForce(kit: Kit): void {
  const epoch = epochs.get(kit);
  if (epoch) epoch.value += 1;
}

function epochOf(kit: Kit): number {
  const known = epochs.get(kit);
  if (known) return known.value;
  const fresh = { value: 0 };
  epochs.set(kit, fresh);
  kit.live.on('crm_policies', () => void (fresh.value += 1));
  return 0;
}

async function load(kit: Kit): Promise<readonly (readonly ContractVersion[])[]> {
  const live = await kit.policies.live<Contract>(SLA_KIND);
  const stamp = `${epochOf(kit)}:${live.map((version) => version.versionId).join()}`;
  const known = remembered.get(kit);
  if (known?.stamp === stamp) return known.versions;
  const rows = live.length === 0 ? [] : await many<VersionRow>(kit.db, `${VERSIONS} ORDER BY p.position, p.id, v.number DESC`);
  const byContract = new Map<number, ContractVersion[]>();
  for (const row of rows) byContract.set(row.contract_id, [...(byContract.get(row.contract_id) ?? []), await toVersion(kit, row)]);
  const versions = [...byContract.values()];
  remembered.set(kit, { stamp, versions });
  return versions;
}

/** The contracts that measure at `now`: published, signed by both sides, within their days; in position order. Cached. */
export async function contractsInForce(kit: Kit, now: Date): Promise<readonly ContractVersion[]> {
  return (await load(kit)).flatMap((versions) => running(versions, now) ?? []);
}

/** What is known to be in force without asking the database: for facts, which cannot wait. Kept fresh by `watchInForce`. */
export const knownInForce = (kit: Kit, now: Date): readonly ContractVersion[] =>
  (remembered.get(kit)?.versions ?? []).flatMap((versions) => running(versions, now) ?? []);

/** Reads what is in force now and whenever a policy is published or a contract signed, on any node. Call it when the kit is ready. */
export async function watchInForce(kit: Kit): Promise<void> {
  epochOf(kit);
  kit.live.on('crm_policies', () => {
    load(kit).catch((error: unknown) => kit.log.error('The contracts in force could not be read.', error));
  });
  await load(kit);
}
