import type { Sql } from '../../../../contracts';
import { scalarRule, type RuleInput, type ScalarKind } from './compare';
import { sql } from './fragment';
import { readId, readNumber, readSeconds } from './literal';

/** Whole numbers are sent as bigint, so that an index on an integer column serves; others as numeric, which is exact. */
const isWhole = (value: string): boolean => /^-?\d{1,18}$/.test(value);

const numberKind = (read: ScalarKind<string>['read']): ScalarKind<string> => ({
  read,
  literal: (value) => (isWhole(value) ? sql`${value}::bigint` : sql`${value}::numeric`),
  list: (values) => (values.every(isWhole) ? sql`${values}::bigint[]` : sql`${values}::numeric[]`),
  other: (value) => value,
});
const NUMBER = numberKind(readNumber);
const SECONDS = numberKind(readSeconds);
const ID = numberKind(readId);

export const numberRule = (input: RuleInput): Sql | null => scalarRule(NUMBER, input);
export const durationRule = (input: RuleInput): Sql | null => scalarRule(SECONDS, input);
export const referenceRule = (input: RuleInput): Sql | null => scalarRule(ID, input);
