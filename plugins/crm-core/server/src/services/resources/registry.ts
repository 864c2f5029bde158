import type { ResourceDefinition, ResourceField, ResourceVerb } from '../../../../contracts';
import { notFound } from '../../../../contracts';
import { identifier } from '../../domain/access';
import { fieldSql } from '../../domain/query';

export interface ResourcePart {
  readonly verbs?: readonly ResourceVerb[];
  readonly fields?: readonly ResourceField[];
  /** Fields known at run time, beside the definition's own. */
  readonly dynamicFields?: ResourceDefinition['dynamicFields'];
  /** Runs after the definition's own decoration. */
  readonly decorate?: ResourceDefinition['decorate'];
  readonly computed?: ResourceDefinition['computed'];
  /** Runs after the definition's own redaction. */
  readonly redact?: ResourceDefinition['redact'];
}

export interface ResourceRegistry {
  define(definition: ResourceDefinition): void;
  /** Adds verbs and fields; the resource may be defined later. */
  extend(name: string, part: ResourcePart): void;
  find(name: string): ResourceDefinition | undefined;
  /** @throws AppError NOT_FOUND */
  get(name: string): ResourceDefinition;
  all(): readonly ResourceDefinition[];
}

const FIELD_NAME = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9_]+)?$/;
const ID: ResourceField = { name: 'id', type: 'id', nullable: false };

function assertUnique(resource: string, what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Resource "${resource}" has the ${what} "${twice}" twice`);
}

/** Refuses at start-up what could not work or would be unsafe in SQL later. */
function assertSound(definition: ResourceDefinition): void {
  identifier(definition.table);
  assertUnique(
    definition.name,
    'field',
    definition.fields.map((field) => field.name),
  );
  assertUnique(
    definition.name,
    'verb',
    (definition.verbs ?? []).map((verb) => `${verb.method ?? 'POST'} ${verb.name}`),
  );
  if (definition.dynamicFields && definition.fields.some((field) => field.name === 'custom')) {
    throw new Error(`Resource "${definition.name}": a field "custom" would show custom fields that a role hides`);
  }
  for (const field of definition.fields) {
    if (!FIELD_NAME.test(field.name)) throw new Error(`Resource "${definition.name}": "${field.name}" is not a field name`);
    fieldSql(field, 't');
  }
}

type Decorate = NonNullable<ResourceDefinition['decorate']>;

const inTurn =
  (first: Decorate | undefined, second: Decorate): Decorate =>
  async (context, rows) => {
    await first?.(context, rows);
    await second(context, rows);
  };

type DynamicFields = NonNullable<ResourceDefinition['dynamicFields']>;

const together =
  (first: DynamicFields | undefined, second: DynamicFields): DynamicFields =>
  () => [...(first?.() ?? []), ...second()];

/** The console's resources by name. `onDefine` is told of each definition; `common` are the verbs every such resource has. */
export function createRegistry(
  onDefine: (definition: ResourceDefinition) => void,
  common: (definition: ResourceDefinition) => readonly ResourceVerb[] = () => [],
): ResourceRegistry {
  const defined = new Map<string, ResourceDefinition>();
  const waiting = new Map<string, ResourcePart[]>();

  const merged = (definition: ResourceDefinition, part: ResourcePart): ResourceDefinition => ({
    ...definition,
    fields: [...definition.fields, ...(part.fields ?? [])],
    verbs: [...(definition.verbs ?? []), ...(part.verbs ?? [])],
    ...(part.dynamicFields ? { dynamicFields: together(definition.dynamicFields, part.dynamicFields) } : {}),
    ...(part.decorate ? { decorate: inTurn(definition.decorate, part.decorate) } : {}),
    ...(part.computed ? { computed: [...(definition.computed ?? []), ...part.computed] } : {}),
    ...(part.redact ? { redact: inTurn(definition.redact, part.redact) } : {}),
  });
  const keep = (definition: ResourceDefinition): void => {
    assertSound(definition);
    defined.set(definition.name, definition);
    onDefine(definition);
  };
  const find = (name: string): ResourceDefinition | undefined => defined.get(name);

  return {
    define: (definition) => {
      if (defined.has(definition.name)) throw new Error(`Resource "${definition.name}" is defined twice`);
      const fields = definition.fields.some((field) => field.name === 'id') ? definition.fields : [ID, ...definition.fields];
      const verbs = [...(definition.verbs ?? []), ...common(definition)];
      keep((waiting.get(definition.name) ?? []).reduce(merged, { ...definition, fields, verbs }));
      waiting.delete(definition.name);
    },
    extend: (name, part) => {
      const definition = defined.get(name);
      if (definition) keep(merged(definition, part));
      else waiting.set(name, [...(waiting.get(name) ?? []), part]);
    },
    find,
    get: (name) => {
      const definition = find(name);
      if (!definition) throw notFound(`Resource "${name}"`);
      return definition;
    },
    all: () => [...defined.values()],
  };
}
