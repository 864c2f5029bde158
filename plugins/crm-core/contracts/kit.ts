import type { Knex } from 'knex';
import type { AccessService } from './access';
import type { Actor, PoolAccess } from './actor';
import type { Clock } from './clock';
import type { ConfigService } from './config';
import type { CustomField, MergedOption, OptionMergeResult } from './custom-field';
import type { EventService } from './events';
import type { ConditionService } from './facts';
import type { HostContext } from './host';
import type { JobService } from './jobs';
import type { LintService } from './lint';
import type { Migration } from './migration';
import type { NoticeInput, NoticeService } from './notice';
import type { PeopleService } from './people';
import type { PolicyService } from './policy';
import type { ResourceDefinition, ResourceField, ResourceVerb, VerbContext } from './resource';
import type { ShadowService } from './shadow';
import type { TimerService } from './timers';
import type { CalendarRevisionListener, CalendarSpec } from './calendar';
import type { Calendar } from '../server/src/domain/calendar';
import type { DecisionStore } from '../server/src/services/events';

/** Everything the kit offers to the plugins above it: `getKit(strapi)`. Register in `register()`, use from `bootstrap()` on. */
export interface Kit {
  readonly db: Knex;
  readonly clock: Clock;
  readonly log: { info(m: string): void; warn(m: string): void; error(m: string, e?: unknown): void };
  readonly events: EventService;
  readonly decisions: DecisionStore;
  readonly timers: TimerService;
  readonly jobs: JobService;
  readonly policies: PolicyService;
  /** Drafts that run silently beside what is live. */
  readonly shadows: ShadowService;
  readonly conditions: ConditionService;
  readonly access: AccessService;
  readonly actors: {
    system(name?: string): Actor;
    member(memberId: number): Promise<Actor>;
    /** Lets a plugin say in which pools a member may see leads; asked when an actor is loaded, kept until policies or members change. */
    addPoolSource(
      source: (member: { id: number; teamIds: readonly number[]; roles: readonly string[] }) => Promise<readonly number[] | PoolAccess>,
    ): void;
  };
  readonly resources: {
    define(resource: ResourceDefinition): void;
    extend(
      name: string,
      part: {
        verbs?: readonly ResourceVerb[];
        fields?: readonly ResourceField[];
        /** Fields known at run time, beside the resource's own; asked for on each request: keep them cached. */
        dynamicFields?: ResourceDefinition['dynamicFields'];
        /** Runs after the resource's own `decorate`, in the order added. */
        decorate?: ResourceDefinition['decorate'];
        /** What that adds and a list may show as a column. */
        computed?: ResourceDefinition['computed'];
        /** Runs after the resource's own `redact`, in the order added. */
        redact?: ResourceDefinition['redact'];
      },
    ): void;
  };
  readonly migrations: { add(plugin: string, migrations: readonly Migration[]): void };
  /** Runs once after all plugins have registered and migrations are done; `after` names plugins that must come first. */
  onReady(plugin: string, run: () => Promise<void>): void;
  /** Adds keys to `GET /api/console/meta`, computed per request for the actor. */
  addMeta(source: (actor: Actor) => Promise<Record<string, unknown>>): void;
  /** Adds a hand-written console route below /api/console, behind the same authentication. */
  addRoute(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    handler: (ctx: HostContext, context: VerbContext) => Promise<void>,
  ): void;
  /** The live calendar policy with this key (the first one when null), compiled; null when there is none. */
  calendar(key: string | null, leave?: { readonly from: Date; readonly to: Date } | null): Promise<Calendar | null>;
  /** A calendar as it was at a revision (`Calendar.revision`): what has been booked by it stays as it was. */
  calendarRevision(revision: string): Promise<Calendar>;
  /** A draft compiled as if it were live, and the keys of the calendars that stand under it. */
  calendarDraft(
    key: string,
    spec: CalendarSpec,
  ): Promise<{ readonly calendar: Calendar; readonly dependants: readonly string[]; of(key: string): Promise<Calendar> }>;
  /** Asked when a calendar is previewed and told when a new revision of it is published. */
  onCalendarRevision(listener: CalendarRevisionListener): void;
  /** LISTEN/NOTIFY bus of this node. */
  readonly live: { on(channel: string, listener: (payload: string) => void): () => void };
  /** Tells members, in the caller's transaction: by which channels says the matrix (`notices`); what leaves the product goes after commit. */
  notify(trx: Knex.Transaction, notices: readonly NoticeInput[], now: Date): Promise<void>;
  readonly notices: NoticeService;
  /** Configuration as text: what a plugin lets people configure beside policies, it adds as a section. */
  readonly people: PeopleService;
  readonly config: ConfigService;
  /** The linter over everything: what a plugin lets people configure beside policies, it checks here. */
  readonly linter: LintService;
  readonly custom: {
    fields(entity: 'lead' | 'account' | 'opportunity' | 'activity'): readonly CustomField[];
    refresh(): Promise<void>;
    /** Conditions, dependent options, saved views and policies that name an option follow it to the one it was merged into. */
    renameOption(merged: MergedOption, actor: Actor, now: Date): Promise<OptionMergeResult>;
  };
}
