import { z } from 'zod';
import type { AppError, ResourceDefinition, ResourceVerb, VerbContext } from '../../../../contracts';
import { forbidden, notFound } from '../../../../contracts';

/** Ids a bulk verb takes at once: as many as one change set. */
export const MAX_BULK = 10_000;

export interface BulkResult {
  readonly id: number;
  readonly ok: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly [more: string]: unknown;
}

export const bulkIds = z.array(z.int().min(1).max(2_147_483_647)).min(1).max(MAX_BULK);

export type VerbMethod = 'GET' | 'POST';

export const findVerb = (definition: ResourceDefinition, name: string, method: VerbMethod): ResourceVerb | undefined =>
  definition.verbs?.find((verb) => verb.name === name && (verb.method ?? 'POST') === method);

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const asAnswer = (error: AppError): { code: string; message: string } => ({ code: error.code, message: error.message });

/** What a row allows: absent = the actor does not know of it, false = sees it but may not do this, true = may. */
export type Standing = ReadonlyMap<number, boolean>;

const refusal = (standing: Standing, id: number, verb: string): AppError =>
  standing.has(id) ? forbidden(`Your role does not allow "${verb}" on this record.`) : notFound();

/** One record: an id out of reach is NOT_FOUND, one in sight but out of the verb's scope FORBIDDEN. */
export async function runSingle(
  context: VerbContext,
  verb: ResourceVerb,
  id: number,
  input: unknown,
  asked: Promise<Standing>,
): Promise<unknown> {
  const assertAllowed = async (): Promise<void> => {
    const standing = await asked;
    if (standing.get(id) !== true) throw refusal(standing, id, verb.name);
  };
  if (!verb.asksUnderLock) {
    await assertAllowed();
    return verb.run(context, [id], verb.input.parse(input ?? {}));
  }
  // Told when it is asked for, below: until then a failure of the look is nobody's.
  asked.catch(() => undefined);
  try {
    return await verb.run(context, [id], verb.input.parse(input ?? {}));
  } catch (error) {
    await assertAllowed();
    throw error;
  }
}

function reported(answer: unknown): ReadonlyMap<number, BulkResult> | null {
  const results = isRecord(answer) ? answer['results'] : undefined;
  if (!Array.isArray(results)) return null;
  const items = results.filter(
    (item): item is Record<string, unknown> & { id: number } => isRecord(item) && typeof item['id'] === 'number',
  );
  return new Map(items.map((item) => [item.id, { ...item, ok: item['ok'] !== false }]));
}

/** Many records, an answer per id in the order asked: ids out of reach do not keep the others from going through. */
export async function runBulk(
  context: VerbContext,
  verb: ResourceVerb,
  ids: readonly number[],
  input: unknown,
  standing: Standing,
): Promise<{ results: readonly BulkResult[]; data?: unknown }> {
  const unique = [...new Set(ids)];
  const allowed = unique.filter((id) => standing.get(id) === true);
  const parsed = verb.input.parse(input ?? {});
  const answer: unknown = allowed.length === 0 ? undefined : await verb.run({ ...context, asked: unique.length }, allowed, parsed);
  const reports = reported(answer);
  const results = unique.map((id): BulkResult => {
    if (standing.get(id) !== true) return { id, ok: false, ...asAnswer(refusal(standing, id, verb.name)) };
    return reports?.get(id) ?? { id, ok: true };
  });
  if (isRecord(answer) && reports) {
    const { results: _reported, ...rest } = answer;
    return { ...rest, results };
  }
  return answer === undefined ? { results } : { results, data: answer };
}
