import { z } from 'zod';
import type { DestinationKind, ExtensionDescription, ParamMeta, RankingMethod, RoutingRule } from '../../../contracts';
import type { RoutedLead } from './facts';
import type { Contender } from './ranking';
import { UNITS } from './share';
import { WEIGHT_PARTS } from './weight';

/** A registered extension with its parameters already behind a parser: what is kept of it does not know their type any more. */
interface Kept {
  readonly description: ExtensionDescription;
  /** Problems of parameters, empty when they fit. */
  problems(given: unknown): readonly { readonly message: string; readonly path: string }[];
}
export interface KeptRanking extends Kept {
  readonly owes: boolean;
  fields(given: unknown): readonly string[];
  rank(contender: Contender, lead: RoutedLead, given: unknown): number;
}
export interface KeptDestination extends Kept {
  resolve(request: Omit<Parameters<DestinationKind['resolve']>[0], 'params'>, given: unknown): ReturnType<DestinationKind['resolve']>;
  lint(given: unknown): ReturnType<NonNullable<DestinationKind['lint']>>;
}

const rankings = new Map<string, KeptRanking>();
const destinations = new Map<string, KeptDestination>();
const sources = new Map<string, unknown>();

const KEY = /^[a-z0-9][a-z0-9-]{0,59}$/;
/** True when the same thing was registered before (another instance in this process). */
function isKnown(what: string, key: string, source: unknown): boolean {
  if (!KEY.test(key)) throw new Error(`"${key}" is no key: lower-case letters, digits, hyphens.`);
  const known = sources.get(`${what}:${key}`);
  if (known !== undefined && known !== source) throw new Error(`Two ${what}s are called "${key}".`);
  sources.set(`${what}:${key}`, source);
  return known !== undefined;
}

interface Property extends ParamMeta {
  readonly enum?: readonly (string | number)[];
}

/** Values of an enum that have no name although others have one. */
function assertNamed(key: string, schema: Readonly<Record<string, unknown>>): void {
  for (const [name, { enum: values = [], options }] of Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Property>>)) {
    const nameless = options ? values.filter((value) => !options[value]?.zh || !options[value]?.en) : [];
    if (nameless.length > 0) throw new Error(`"${key}": the values ${nameless.join(', ')} of "${name}" have no name in both languages.`);
  }
}

function keep<Params>({ key, label, help, params }: RankingMethod<Params> | DestinationKind<Params>): Kept {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' });
  assertNamed(key, schema);
  return {
    description: { key, label, ...(help ? { help } : {}), schema },
    problems: (given) => {
      const parsed = params.safeParse(given);
      return parsed.success ? [] : parsed.error.issues.map((issue) => ({ message: issue.message, path: issue.path.join('.') }));
    },
  };
}

/** @throws Error when another ranking has that key, or an enum names only some of its values */
export function addRanking<Params>(method: RankingMethod<Params>): void {
  if (isKnown('ranking', method.key, method)) return;
  const parsed = new WeakMap<object, Params>();
  const paramsOf = (given: unknown): Params => {
    const key = typeof given === 'object' && given !== null ? given : {};
    const known = parsed.get(key) ?? method.params.parse(key);
    parsed.set(key, known);
    return known;
  };
  rankings.set(method.key, {
    ...keep(method),
    owes: method.owes ?? false,
    fields: (given) => method.fields?.(paramsOf(given)) ?? [],
    rank: ({ person, seat, load }, lead, given) => {
      const { id, name, teamId, roles, skills, capacity } = person;
      const { score, grade, language, capturedAt, values } = lead;
      const value = method.rank(
        { id, name, teamId, roles, skills, capacity, load: load / 100, weight: seat.parts / WEIGHT_PARTS, received: seat.given / UNITS },
        { id: lead.id, score, grade, language, capturedAt, values },
        paramsOf(given),
      );
      return Number.isFinite(value) ? value : Number.MAX_VALUE;
    },
  });
}

/** @throws Error when another destination has that key, or an enum names only some of its values */
export function addDestination<Params>(kind: DestinationKind<Params>): void {
  if (isKnown('destination', kind.key, kind)) return;
  destinations.set(kind.key, {
    ...keep(kind),
    resolve: (request, given) => kind.resolve({ ...request, params: kind.params.parse(given) }),
    lint: (given) => kind.lint?.(kind.params.parse(given)) ?? [],
  });
}

const CUSTOM = 'custom:';
/** The ranking of an implementer a rule uses; null where it uses one of the product's, or the plugin is gone. */
export const customRanking = ({ ranking }: Pick<RoutingRule, 'ranking'>): KeptRanking | null =>
  ranking.startsWith(CUSTOM) ? (rankings.get(ranking.slice(CUSTOM.length)) ?? null) : null;
export const isCustomRanking = ({ ranking }: Pick<RoutingRule, 'ranking'>): boolean => ranking.startsWith(CUSTOM);
export const findDestination = (key: string): KeptDestination | null => destinations.get(key) ?? null;

/** What the console draws its choices and forms from. */
export const describeExtensions = (): { rankings: readonly ExtensionDescription[]; destinations: readonly ExtensionDescription[] } => ({
  rankings: [...rankings.values()].map(({ description }) => description),
  destinations: [...destinations.values()].map(({ description }) => description),
});
