import type { ScopeCondition, ScopeTest, Sql } from '../../../../contracts';
import { allOf, anyOf, around, FALSE, raw, TRUE } from '../query/fragments';
import { HAS, PARENT } from './scopes';
import { identifier, SCOPE_NAMES, valueSql, type RowShape, type ScopeName } from './shape';

/** Operators are matched exactly; a condition nobody can translate stops the query instead of letting rows through. */
function testSql(column: string | null, test: ScopeTest, path: string): Sql {
  const operators = Object.keys(test);
  const [operator] = operators;
  if (operators.length !== 1) throw new Error(`Access condition on ${path} must hold one operator`);
  if (operator === '$eq' && test.$eq === null) return column === null ? TRUE : raw(`${column} IS NULL`);
  if (operator === '$eq' && Number.isSafeInteger(test.$eq)) return column === null ? FALSE : raw(`${column} = ?`, test.$eq);
  if (operator === '$in' && !path.includes(`${HAS}.`) && test.$in?.every((value) => Number.isSafeInteger(value))) {
    return column === null ? FALSE : raw(`${column} = ANY(?)`, [...test.$in]);
  }
  if (operator === '$in' && path.includes(`${HAS}.`) && test.$in?.every((value) => typeof value === 'string')) {
    return column === null ? FALSE : raw(`${column} = ANY(?::text[])`, [...test.$in]);
  }
  throw new Error(`Access condition on ${path} uses an operator or value that is not understood: ${JSON.stringify(test)}`);
}

const isScopeName = (name: string): name is ScopeName => (SCOPE_NAMES as readonly string[]).includes(name);

const columnSql = (shape: RowShape, alias: string, name: string, path: string): string | null => {
  if (name.startsWith(`${HAS}.`)) return valueSql(shape, alias, name.slice(HAS.length + 1));
  if (!isScopeName(name)) throw new Error(`Access condition on unknown name ${path}`);
  const column = shape.columns[name];
  return column === null ? null : `${identifier(alias)}.${identifier(column)}`;
};

interface Split {
  readonly own: Sql;
  readonly parent: Sql | null;
}

function split(condition: ScopeCondition, alias: string, shape: RowShape, parent: RowShape | null): Split {
  const own: Sql[] = [];
  const above: Sql[] = [];
  for (const [path, test] of Object.entries(condition)) {
    if (path === PARENT) {
      if (!shape.via) throw new Error('Access condition on the parent of a resource that has none');
      own.push(testSql(`${identifier(alias)}.${identifier(shape.via.column)}`, test, path));
    } else if (path.startsWith(`${PARENT}.`)) {
      if (!parent) throw new Error(`Access condition on ${path}, but the parent resource is not defined`);
      above.push(testSql(columnSql(parent, parentAlias(alias), path.slice(PARENT.length + 1), path), test, path));
    } else {
      own.push(testSql(columnSql(shape, alias, path, path), test, path));
    }
  }
  return { own: allOf(own), parent: above.length === 0 ? null : allOf(above) };
}

const parentAlias = (alias: string): string => `${alias}_up`;

/**
 * The predicate over `alias` that says what `conditions` (any one of them) say of an object; FALSE for none. Parts about the parent are
 * gathered in one EXISTS. `parent` is the shape of `shape.via`'s resource.
 */
export function scopeSql(conditions: readonly ScopeCondition[], alias: string, shape: RowShape, parent: RowShape | null): Sql {
  const parts = conditions.map((condition) => split(condition, alias, shape, parent));
  const own = parts.filter((part) => part.parent === null).map((part) => part.own);
  const above = parts.filter((part) => part.parent !== null).map((part) => allOf([part.own, part.parent ?? FALSE]));
  if (above.length === 0 || !parent || !shape.via) return anyOf(own);
  const up = identifier(parentAlias(alias));
  const exists = around(
    `EXISTS (SELECT 1 FROM ${identifier(parent.table)} ${up} WHERE ${up}."id" = ${identifier(alias)}.${identifier(shape.via.column)} AND `,
    anyOf(above),
    ')',
  );
  return anyOf([...own, exists]);
}
