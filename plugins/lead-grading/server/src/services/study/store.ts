import { notFound } from '@leadsea/crm-core';
import type { Actor, Kit, RunningJob } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { StudyKind, StudyStatus } from '../../../../contracts';
import { STUDY_JOB } from './kinds';

/** One row of crm_grading_studies: a question asked of history, and the answer. */
export interface StudyRow {
  readonly id: number;
  readonly kind: StudyKind;
  readonly policy_id: number | null;
  /** The draft as it was when asked; later edits do not change the answer. */
  readonly model: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  readonly status: StudyStatus;
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly created_by: number | null;
}

export interface NewStudy {
  readonly kind: StudyKind;
  readonly policyId: number | null;
  readonly model: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Writes the question and the job that answers it, together. @returns its id */
export async function openStudy(kit: Kit, trx: Knex.Transaction, study: NewStudy, actor: Actor | null, now: Date): Promise<number> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `INSERT INTO crm_grading_studies (kind, policy_id, model, options, status, created_by, created_at) VALUES (?, ?, ?::jsonb, ?::jsonb, 'queued', ?, ?) RETURNING id`,
    [study.kind, study.policyId, JSON.stringify(study.model), JSON.stringify(study.options), actor?.memberId ?? null, now],
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The study was not written.');
  await kit.jobs.enqueue(trx, [{ kind: STUDY_JOB, payload: { study: id }, key: `${STUDY_JOB}:${id}`, maxAttempts: 3 }]);
  return id;
}

export async function getStudy(kit: Kit, id: number): Promise<StudyRow> {
  const row = await kit.db<StudyRow>('crm_grading_studies').where({ id }).first();
  if (!row) throw notFound('Study');
  return row;
}

export const updateStudy = async (db: Knex, id: number, patch: Readonly<Record<string, unknown>>): Promise<void> => {
  await db('crm_grading_studies').where({ id }).update(patch);
};

/** Tells how far a study has come, in its own row for the console and to the job, which keeps its lease. */
export type Progress = (done: number, total: number, note: string) => Promise<void>;
export const progressOf =
  (kit: Kit, job: RunningJob, id: number): Progress =>
  async (done, total, note) => {
    await updateStudy(kit.db, id, { done, total });
    await job.progress(done, total, note);
  };
