import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react';
import { counterpart, type Counterpart } from './counterpart';
import { TargetForm } from './target';
import { getAt, normalPath, setAt } from './tree';

export interface Issue {
  readonly path: string;
  readonly message: string;
}

interface FormValue {
  readonly body: unknown;
  readonly issues: ReadonlyMap<string, string>;
  /** What the server finds doubtful, by place; it does not keep anybody from publishing. */
  readonly warnings: ReadonlyMap<string, string>;
  readonly readOnly: boolean;
  /** The version that is in force, when the body is a draft beside one. */
  readonly live: unknown;
  set(path: string, value: unknown): void;
}

const FormContext = createContext<FormValue | null>(null);

/** One body edited by fields that know their paths; the server's complaints are shown at the field they name. */
export const BodyForm = <Body,>(props: {
  body: Body;
  onChange: (change: (body: Body) => Body) => void;
  issues: readonly Issue[];
  warnings?: readonly Issue[];
  readOnly: boolean;
  live?: unknown;
  children: ReactNode;
}) => {
  const { body, onChange, readOnly, live } = props;
  const set = useCallback((path: string, value: unknown) => onChange((old) => setAt(old, path, value)), [onChange]);
  const issues = useMemo(() => new Map(props.issues.map((issue) => [normalPath(issue.path), issue.message])), [props.issues]);
  const warnings = useMemo(() => new Map((props.warnings ?? []).map((issue) => [normalPath(issue.path), issue.message])), [props.warnings]);
  const value = useMemo(() => ({ body, issues, warnings, readOnly, live, set }), [body, issues, warnings, readOnly, live, set]);
  return (
    <FormContext.Provider value={value}>
      <TargetForm>{props.children}</TargetForm>
    </FormContext.Provider>
  );
};

export const useForm = (): FormValue => {
  const value = useContext(FormContext);
  if (!value) throw new Error('BodyForm is missing above this field.');
  return value;
};

export interface Field<Value> {
  readonly value: Value | undefined;
  readonly error: string | undefined;
  readonly readOnly: boolean;
  readonly set: (value: unknown) => void;
}

/** The value at a path of the form's body, its setter and what the server said about it. */
export const useField = <Value,>(path: string): Field<Value> => {
  const { body, issues, readOnly, set } = useForm();
  return {
    value: getAt(body, path) as Value | undefined,
    error: issues.get(path),
    readOnly,
    set: useCallback((value: unknown) => set(path, value), [path, set]),
  };
};

/** What the live version says at a path of the draft; null where there is no live version to compare with. */
export const useLiveValue = (path: string): Counterpart | null => {
  const { body, live } = useForm();
  return useMemo(() => (live === undefined || live === null ? null : counterpart(live, body, path)), [live, body, path]);
};

/** Complaints about a place or anything below it. */
export const useIssuesBelow = (path: string): readonly string[] => {
  const { issues } = useForm();
  return [...issues].filter(([at]) => at === path || at.startsWith(`${path}.`)).map(([, message]) => message);
};
