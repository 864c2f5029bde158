import { many } from '@leadsea/crm-core';
import type { Condition, Kit, LintFinding, LocalisedText } from '@leadsea/crm-core';
import type { RoutingPolicy } from '../../../contracts';
import { tableColumns, tableRows, tableValues } from './conditions';
import type { LivePolicy } from './plans';

const DAYS = 30;
const MOST = 20_000;
/** Below so many leads a sample says nothing. */
const LEAST = 20;
const OVERLAP = 50;

/** The linter on real data: rules whose leads earlier rules take, of the last 30 days; in one statement. */
export async function sampleFindings(kit: Kit, body: RoutingPolicy): Promise<LintFinding[]> {
  if (body.rules.length === 0) return [];
  const now = kit.clock.now();
  const bindings: unknown[] = [];
  const sqlOf = (condition: Condition | null | undefined): string => {
    if (!condition) return 'TRUE';
    const compiled = kit.conditions.compile(condition, 'lead', 'l', { now, actor: null });
    bindings.push(...compiled.bindings);
    return `(${compiled.sql})`;
  };
  const hits = body.rules.map((rule, index) => `${sqlOf(rule.when)} AS r${index}`);
  bindings.push(new Date(now.getTime() - DAYS * 86_400_000));
  const when = sqlOf(body.when);
  const counts = body.rules.map((_, index) => {
    const before = Array.from({ length: index }, (__, earlier) => `r${earlier}`);
    const taken = before.length === 0 ? 'FALSE' : before.join(' OR ');
    return `count(*) FILTER (WHERE r${index})::int AS n${index}, count(*) FILTER (WHERE r${index} AND (${taken}))::int AS t${index}`;
  });
  const [row] = await many<Record<string, number>>(
    kit.db,
    `SELECT count(*)::int AS total, ${counts.join(', ')} FROM (
       SELECT ${hits.join(', ')} FROM (SELECT * FROM crm_leads WHERE captured_at >= ? AND merged_into IS NULL AND is_test IS NOT TRUE
         ORDER BY captured_at DESC LIMIT ${MOST}) l WHERE ${when}) x`,
    bindings,
  );
  if (!row || (row['total'] ?? 0) < LEAST) return [];
  return body.rules.flatMap((rule, index): LintFinding[] => {
    const [fits, taken] = [row[`n${index}`] ?? 0, row[`t${index}`] ?? 0];
    const path = `rules[${index}]`;
    if (fits === 0)
      return [{ level: 'warning', code: 'RULE_WITHOUT_LEADS', message: `No lead of the last ${DAYS} days fits "${rule.key}".`, path }];
    if (taken === fits)
      return [
        {
          level: 'warning',
          code: 'RULE_SHADOWED',
          message: `All ${fits} leads of the last ${DAYS} days that fit "${rule.key}" also fit an earlier rule.`,
          path,
        },
      ];
    const percent = Math.round((taken * 100) / fits);
    return percent >= OVERLAP
      ? [
          {
            level: 'warning',
            code: 'RULE_OVERLAPS',
            message: `${percent} % of the leads that fit "${rule.key}" also fit an earlier rule.`,
            path,
          },
        ]
      : [];
  });
}

export interface TableReport {
  readonly rule: string;
  readonly label: LocalisedText;
  readonly leads: number;
  readonly unmatched: readonly { readonly values: readonly (string | null)[]; readonly leads: number }[];
  readonly ambiguous: readonly { readonly values: readonly (string | null)[]; readonly leads: number }[];
  /** Rows no lead of the sample hit. */
  readonly unused: readonly number[];
  readonly columns: readonly string[];
}

const SHOWN = 50;

/** What the tables of a policy do with the leads of the last 30 days: values no row takes, values several rows take, rows nobody hits. */
export async function tableReports(kit: Kit, policy: Pick<LivePolicy, 'body' | 'versionId' | 'key'>): Promise<readonly TableReport[]> {
  const now = kit.clock.now();
  const tables = policy.body.rules.flatMap((rule) => (rule.destination.kind === 'table' ? [{ rule, table: rule.destination }] : []));
  return Promise.all(
    tables.map(async ({ rule, table }): Promise<TableReport> => {
      const alone = { ...policy, body: { ...policy.body, rules: [rule] } } as LivePolicy;
      const columns = tableColumns(kit, [alone], now);
      const base = { rule: rule.key, label: rule.label, columns: table.columns };
      if (!columns) return { ...base, leads: 0, unmatched: [], ambiguous: [], unused: [] };
      const wanted = [policy.body.when, rule.when].flatMap((one) =>
        one ? [kit.conditions.compile(one, 'lead', 'l', { now, actor: null })] : [],
      );
      const when = {
        sql: ['TRUE', ...wanted.map(({ sql }) => sql)].join(' AND '),
        bindings: wanted.flatMap(({ bindings }) => [...bindings]),
      };
      const names = columns.names.map((_, index) => `c${index}`).join(', ');
      const rows = await many<Record<string, unknown> & { n: number }>(
        kit.db,
        `SELECT ${names}, count(*)::int AS n FROM (SELECT ${columns.sql} FROM crm_leads l
           WHERE l.captured_at >= ? AND l.merged_into IS NULL AND l.is_test IS NOT TRUE AND ${when.sql}) x GROUP BY ${names} ORDER BY n DESC LIMIT 5000`,
        [...columns.bindings, new Date(now.getTime() - DAYS * 86_400_000), ...when.bindings],
      );
      const used = new Set<number>();
      const missed: { values: (string | null)[]; leads: number; kind: string }[] = [];
      for (const row of rows) {
        const values = tableValues(columns.names, row);
        const hit = tableRows(alone, new Set([rule.key]), values).get(rule.key) ?? 'none';
        if (typeof hit === 'number') used.add(hit);
        else missed.push({ values: columns.names.map((name) => values[name] ?? null), leads: row.n, kind: hit });
      }
      const of = (kind: string): TableReport['unmatched'] =>
        missed
          .filter((one) => one.kind === kind)
          .slice(0, SHOWN)
          .map(({ values, leads }) => ({ values, leads }));
      return {
        ...base,
        leads: rows.reduce((sum, row) => sum + row.n, 0),
        unmatched: of('none'),
        ambiguous: of('ambiguous'),
        unused: table.rows.flatMap((_, index) => (used.has(index) ? [] : [index])),
      };
    }),
  );
}
