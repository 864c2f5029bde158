import type { VerbContext } from './resource';
import type { Written } from './review';

/** One configured object as text: plain JSON, its stable key among its values, no ids of the database. */
export type ConfigValue = Readonly<Record<string, unknown>>;

/** What was read of one object, with its database id where it has one. */
export interface ConfigItem {
  readonly key: string;
  readonly id: number | null;
  readonly value: ConfigValue;
}

/**
 * A part of the configuration: a list of objects with stable keys. Sections are applied in `order`; one may refer by key to what stands in
 * those before it.
 */
export interface ConfigSection {
  readonly key: string;
  /** teams 10, roles 20, fields 30, notices 40, chat bots 45, calendars and lifecycles 50, pools 60, sources 65, models 70, contracts 80, routing 90, layouts 95. */
  readonly order: number;
  /** Console resource whose `read`, `create`, `update` and `delete` rights are needed on top of those on `config`. */
  readonly resource: string;
  read(): Promise<readonly ConfigItem[]>;
  /** JSON Schema of one object of the section as text, for editors; absent = any object. */
  schema?(): Readonly<Record<string, unknown>>;
  /** The key of a value written by hand; null when it has none. */
  keyOf(value: ConfigValue): string | null;
  /** Brings a value into the form `read` gives, defaults filled in, so that only real differences show. @throws AppError what is wrong with it */
  normalise(value: ConfigValue): Promise<ConfigValue> | ConfigValue;
  /** Puts values in the order in which they can be created, when they refer to each other. */
  sort?(values: readonly ConfigValue[]): readonly ConfigValue[];
  /** Creates (`current` null) or changes one object, with the checks and the history of the console. Answers what was only asked for. */
  write(context: VerbContext, value: ConfigValue, current: ConfigItem | null): Promise<Written>;
  /** Takes out of use what a bundle no longer has, only when asked to (`prune`); absent = never. */
  remove?(context: VerbContext, item: ConfigItem): Promise<Written>;
}

export interface ConfigChange {
  readonly section: string;
  readonly key: string;
  readonly action: 'create' | 'update' | 'remove';
  /** Where both differ: dotted path, value now, value then. */
  readonly differences: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
}

export interface ConfigProblem {
  readonly section: string;
  readonly key: string | null;
  readonly code: string;
  readonly message: string;
}

export interface ConfigPlan {
  /** What the plan was made from; `apply` with another base is refused. */
  readonly base: string;
  readonly changes: readonly ConfigChange[];
  /** Objects here that the bundle's sections do not have; left alone unless `prune`. */
  readonly extra: readonly { readonly section: string; readonly key: string }[];
  readonly problems: readonly ConfigProblem[];
}

export interface ConfigService {
  addSection(section: ConfigSection): void;
}
