import type { Host, LintFinding, LocalisedText } from '@leadsea/crm-core';
import type { Knex } from 'knex';
import type { z } from 'zod';

/** A person who could have the lead, as a ranking sees him. */
export interface RankedPerson {
  readonly id: number;
  readonly name: string;
  readonly teamId: number | null;
  readonly roles: readonly string[];
  /** Lower-case words: `crm`, `product:erp`, `zh`, `territory:浙江`. */
  readonly skills: ReadonlySet<string>;
  /** Open leads he may hold, null = any number, and those he holds. */
  readonly capacity: number | null;
  readonly load: number;
  /** His share in this rule; 1 = usual. */
  readonly weight: number;
  /** Leads of this rule he counts as having received beyond the level everybody has reached. */
  readonly received: number;
}

/** The lead as a ranking sees it. */
export interface RankedLead {
  readonly id: number;
  readonly score: number | null;
  readonly grade: string | null;
  readonly language: string | null;
  readonly capturedAt: Date;
  /** Of the fields the ranking asks for (`fields`), by their names. */
  readonly values: Readonly<Record<string, string | null>>;
}

/** What `.meta()` of a parameter tells the form; both languages each time. */
export interface ParamMeta {
  /** Name of the field; without it the key stands there. */
  readonly label?: LocalisedText;
  /** One sentence under the field. */
  readonly help?: LocalisedText;
  /** Of an enum: what each value is called. Whoever names one names all. */
  readonly options?: Readonly<Record<string, LocalisedText>>;
}

declare module 'zod' {
  // What parameters say of themselves is checked where they are written.
  interface GlobalMeta {
    label?: ParamMeta['label'];
    help?: ParamMeta['help'];
    options?: ParamMeta['options'];
  }
}

interface Extension<Params> {
  /** Lower-case letters, digits and hyphens; stands in policies, so it stays the same. */
  readonly key: string;
  readonly label: LocalisedText;
  /** One sentence under the choice. */
  readonly help?: LocalisedText;
  /**
   * What people set in the form: an object of strings, numbers, booleans and enums, each with a default; its JSON schema draws the form, and
   * `.meta({ label: { zh, en }, help, options })` names a field and the values of an enum (`ParamMeta`). Every value from a policy passes it
   * before it is used.
   */
  readonly params: z.ZodType<Params>;
}

/**
 * A way to choose one of several. Pure: no clock, no randomness, no I/O, so that a stored decision can be made again. Filters,
 * limits, tie-breaks, simulation, back-test and explanation are the product's and need nothing from it.
 */
export interface RankingMethod<Params = Record<string, unknown>> extends Extension<Params> {
  /** Fields of the lead it looks at (`product`, `custom.region`). */
  fields?(params: Params): readonly string[];
  /** Smaller is better; equal values go on to the tie-breaks. What is no number comes last. */
  rank(person: RankedPerson, lead: RankedLead, params: Params): number;
  /** True where everybody is promised his part by weight: the fairness ledger then shows what was owed. Default false. */
  readonly owes?: boolean;
}

/** Somebody a destination names, by id or e-mail address. */
export interface NamedPerson {
  readonly member: number | string;
  /** Default 1; counts to six decimals, at most 10,000. */
  readonly weight?: number;
}

export interface DestinationRequest<Params> {
  /** The leads that reach the rule, as rows of crm_leads. */
  readonly leads: readonly { readonly id: number; readonly row: Readonly<Record<string, unknown>> }[];
  readonly params: Params;
  /** For reading: constant in the number of statements, however many leads there are. Writing is refused elsewhere: simulations run it too. */
  readonly db: Knex | Knex.Transaction;
  readonly now: Date;
}

/** A place a rule may point to: it names the people for each lead, and everything after that is the product's. */
export interface DestinationKind<Params = Record<string, unknown>> extends Extension<Params> {
  /** By lead; a lead that is not there has nobody, and `onEmpty` of the rule decides. */
  resolve(request: DestinationRequest<Params>): Promise<ReadonlyMap<number, readonly NamedPerson[]>>;
  /** Problems of the parameters beyond their shape. */
  lint?(params: Params): readonly Omit<LintFinding, 'path'>[];
}

/** What routing offers the plugins above it: `getRouting(strapi)`, in `register()`. */
export interface Routing {
  /** @throws Error when another ranking has that key */
  addRanking<Params>(method: RankingMethod<Params>): void;
  /** @throws Error when another destination has that key */
  addDestination<Params>(kind: DestinationKind<Params>): void;
}

/** The routing service of a Strapi instance. */
export const getRouting = (strapi: Pick<Host, 'plugin'>): Routing => strapi.plugin('lead-routing').service('routing') as Routing;

/** How the console is told of an extension (`meta.routing.extensions`). */
export interface ExtensionDescription {
  readonly key: string;
  readonly label: LocalisedText;
  readonly help?: LocalisedText;
  /** JSON schema of the parameters. */
  readonly schema: Readonly<Record<string, unknown>>;
}
