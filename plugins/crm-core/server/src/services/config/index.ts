import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { z } from 'zod';
import { AppError, badRequest, conflict, isPendingReview } from '../../../../contracts';
import type {
  AccessService,
  Actor,
  ConfigChange,
  ConfigItem,
  ConfigPlan,
  ConfigProblem,
  ConfigSection,
  ConfigService,
  ConfigValue,
  EventService,
  VerbContext,
  Written,
} from '../../../../contracts';
import { canonical, compareSection } from '../../domain/config/diff';
import { textSchema } from './schema';

/** Number of the form; a bundle of another form is refused. */
const FORM = 1;

const bundleSchema = z.looseObject({
  leadsea: z.literal(FORM, { error: `This is no configuration of form ${FORM}: it begins with "leadsea: ${FORM}".` }),
});

export type Bundle = Readonly<Record<string, unknown>> & { readonly leadsea: number };

export interface Applied {
  readonly applied: readonly Pick<ConfigChange, 'section' | 'key' | 'action'>[];
  /** Under four eyes: what of these objects is guarded was asked for and waits for a second person; the rest of them is written. */
  readonly asked: readonly Pick<ConfigChange, 'section' | 'key' | 'action'>[];
  /** The change that failed, and why; what comes after it was not tried. */
  readonly failed: (Pick<ConfigChange, 'section' | 'key' | 'action'> & { readonly code: string; readonly message: string }) | null;
}

export interface FullConfigService extends ConfigService {
  /** JSON Schema of the whole text. */
  schema(): Readonly<Record<string, unknown>>;
  export(actor: Actor, only?: readonly string[]): Promise<Bundle>;
  plan(actor: Actor, bundle: unknown, options: { readonly prune: boolean }): Promise<ConfigPlan>;
  apply(context: VerbContext, bundle: unknown, options: { readonly prune: boolean; readonly base?: string }): Promise<Applied>;
}

export interface ConfigDeps {
  readonly db: Knex;
  readonly access: AccessService;
  readonly events: EventService;
}

const fingerprint = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex')
    .slice(0, 16);
const reason = (error: unknown): { code: string; message: string } =>
  error instanceof AppError
    ? { code: error.code, message: error.message }
    : { code: 'CONFIG_INVALID', message: error instanceof Error ? error.message : String(error) };

interface Step extends ConfigChange {
  readonly value: ConfigValue;
  readonly current: ConfigItem | null;
}

/** The whole configuration as one text with stable keys: what differs here is shown first, then made so, in an order in which it can be. */
export function createConfigService({ db, access, events }: ConfigDeps): FullConfigService {
  const sections: ConfigSection[] = [];
  const inOrder = (): readonly ConfigSection[] => [...sections].sort((a, b) => a.order - b.order || a.key.localeCompare(b.key));

  const read = async (section: ConfigSection): Promise<readonly ConfigItem[]> =>
    (await section.read()).map((item) => ({ ...item, value: canonical(item.value) as ConfigValue }));

  const exported = async (actor: Actor, only?: readonly string[]): Promise<Bundle> => {
    const bundle: Record<string, unknown> = {};
    for (const section of inOrder()) {
      if (only && !only.includes(section.key)) continue;
      if (!access.can(actor, section.resource, 'read')) continue;
      bundle[section.key] = (await read(section)).map((item) => item.value);
    }
    return { leadsea: FORM, ...bundle };
  };

  /** Values of one section by key; what cannot be read is a problem. */
  async function wantedOf(section: ConfigSection, given: unknown, problems: ConfigProblem[]): Promise<Map<string, ConfigValue>> {
    const wanted = new Map<string, ConfigValue>();
    const list = z.array(z.record(z.string(), z.unknown())).safeParse(given);
    if (!list.success) {
      problems.push({ section: section.key, key: null, code: 'CONFIG_INVALID', message: `"${section.key}" must be a list of objects.` });
      return wanted;
    }
    for (const value of section.sort?.(list.data) ?? list.data) {
      const key = section.keyOf(value);
      const fail = (code: string, message: string): void => void problems.push({ section: section.key, key, code, message });
      if (key === null) fail('CONFIG_KEY', `An object of "${section.key}" has no key.`);
      else if (wanted.has(key)) fail('CONFIG_TWICE', `"${key}" is there twice.`);
      else {
        try {
          wanted.set(key, canonical(await section.normalise(value)) as ConfigValue);
        } catch (error) {
          const { code, message } = reason(error);
          fail(code, message);
        }
      }
    }
    return wanted;
  }

  function mayWrite(actor: Actor, section: ConfigSection, changes: readonly ConfigChange[]): ConfigProblem[] {
    const needs = new Set(changes.map(({ action }) => (action === 'remove' ? 'delete' : action)));
    return [...needs]
      .filter((verb) => !access.can(actor, section.resource, verb))
      .map((verb) => ({
        section: section.key,
        key: null,
        code: 'FORBIDDEN',
        message: `Your role does not allow "${verb}" on ${section.resource}.`,
      }));
  }

  async function compare(actor: Actor, input: unknown, prune: boolean): Promise<{ plan: ConfigPlan; steps: readonly Step[] }> {
    const bundle = bundleSchema.parse(input);
    const problems: ConfigProblem[] = [];
    const steps: Step[] = [];
    const extra: { section: string; key: string }[] = [];
    const known = inOrder();
    for (const name of Object.keys(bundle))
      if (name !== 'leadsea' && !known.some(({ key }) => key === name))
        problems.push({ section: name, key: null, code: 'CONFIG_UNKNOWN', message: `There is no section "${name}".` });
    const state: Record<string, unknown> = {};
    for (const section of known) {
      if (bundle[section.key] === undefined) continue;
      const current = await read(section);
      state[section.key] = current.map(({ value }) => value);
      const wanted = await wantedOf(section, bundle[section.key], problems);
      const found = compareSection(section.key, current, wanted, prune && section.remove !== undefined);
      problems.push(...mayWrite(actor, section, found.changes));
      extra.push(...found.extra.map((key) => ({ section: section.key, key })));
      const byKey = new Map(current.map((item) => [item.key, item]));
      for (const change of found.changes)
        steps.push({ ...change, value: wanted.get(change.key) ?? {}, current: byKey.get(change.key) ?? null });
    }
    const changes = steps.map(({ section, key, action, differences }) => ({ section, key, action, differences }));
    return { plan: { base: fingerprint(state), changes, extra, problems }, steps };
  }

  /** Answers what was only asked for. */
  const carryOut = async (context: VerbContext, step: Step): Promise<Written> => {
    const section = sections.find(({ key }) => key === step.section);
    if (!section) throw badRequest('CONFIG_UNKNOWN', `There is no section "${step.section}".`);
    if (step.action === 'remove') {
      if (step.current) return section.remove?.(context, step.current);
    } else return section.write(context, step.value, step.current);
  };

  /** Removals last and backwards, so that nothing is taken away from under something that still refers to it. */
  const orderOf = (steps: readonly Step[]): readonly Step[] => [
    ...steps.filter(({ action }) => action !== 'remove'),
    ...steps.filter(({ action }) => action === 'remove').reverse(),
  ];

  return {
    schema: () => textSchema(inOrder(), FORM),
    addSection: (section) => {
      if (sections.some(({ key }) => key === section.key)) throw new Error(`The configuration section ${section.key} is declared twice.`);
      sections.push(section);
    },
    export: exported,
    plan: async (actor, bundle, { prune }) => (await compare(actor, bundle, prune)).plan,
    apply: async (context, bundle, { prune, base }) =>
      // One at a time in the whole installation; the lock is held by a connection of its own while the console's own writers do the work.
      db.transaction(async (lock) => {
        await lock.raw(`SELECT pg_advisory_xact_lock(hashtext('crm_config'))`);
        const { plan, steps } = await compare(context.actor, bundle, prune);
        if (base !== undefined && base !== plan.base)
          throw conflict('CONFIG_MOVED', 'The configuration has changed since the plan was made. Plan again.', { base: plan.base });
        if (plan.problems[0]) throw badRequest('CONFIG_PROBLEMS', plan.problems[0].message, { problems: plan.problems });
        const applied: Pick<ConfigChange, 'section' | 'key' | 'action'>[] = [];
        const asked: Pick<ConfigChange, 'section' | 'key' | 'action'>[] = [];
        let failed: Applied['failed'] = null;
        for (const step of orderOf(steps)) {
          const { section, key, action } = step;
          try {
            const written = await carryOut(context, step);
            (isPendingReview(written) ? asked : applied).push({ section, key, action });
          } catch (error) {
            failed = { section, key, action, ...reason(error) };
            break;
          }
        }
        if (applied.length + asked.length > 0 || failed)
          await events.append(
            lock,
            [{ subject: 'config', subjectId: 0, type: 'config.applied', data: { applied, asked, failed } }],
            context.actor,
            { type: 'config', id: context.requestId },
            context.now,
          );
        return { applied, asked, failed };
      }),
  };
}
