import { AppError } from '@leadsea/crm-core';
import type { LeadRow } from '../../../../contracts';
import { ERASED_QUARANTINE } from '../../domain/erasure/personal';

/** @throws AppError LEAD_ERASED: a lead whose person was erased takes part in nothing any more */
export function assertNotErased(rows: ReadonlyMap<number, LeadRow>, ids: readonly number[]): void {
  const id = ids.find((one) => rows.get(one)?.quarantine === ERASED_QUARANTINE);
  if (id !== undefined) throw new AppError('LEAD_ERASED', 409, `The person of lead ${id} was erased: it stays as it is.`, { id });
}
