import type { Importable } from './entity';
import { leadsImport } from './leads';
import { accountsImport } from './records/accounts';
import { activitiesImport } from './records/activities';
import { opportunitiesImport } from './records/opportunities';
import type { ImportKind } from './schema';

const KINDS: Readonly<Record<ImportKind, Importable>> = {
  leads: leadsImport,
  accounts: accountsImport,
  opportunities: opportunitiesImport,
  activities: activitiesImport,
};

/** What a file of this kind holds. */
export const importableOf = (kind: ImportKind): Importable => KINDS[kind];
