import { ADAPTERS, adapters, detectAdapter, type Adapter } from '../domain/capture';

/** Forms of payload the capture entrance reads: the product's and the implementer's. */
export interface CaptureAdapters {
  /**
   * Teaches the entrance another form: a source that names it reads every payload with it. Call it in `register()`.
   * @throws Error when the name is taken
   */
  add(name: string, adapter: Adapter): void;
  /** Names a source may choose, `auto` not among them. */
  names(): readonly string[];
  /** The adapter a source names; without one, or for a name that is gone, the one that knows the payload. */
  find(name: string | null, payload: unknown): Adapter;
}

const builtIn = (name: string): Adapter | undefined =>
  Object.hasOwn(adapters, name) ? Object.entries(adapters).find(([key]) => key === name)?.[1] : undefined;

export function createCaptureAdapters(): CaptureAdapters {
  const own = new Map<string, Adapter>();
  return {
    add: (name, adapter) => {
      if (name === 'auto' || builtIn(name) || own.has(name)) throw new Error(`The capture adapter ${name} is declared twice.`);
      own.set(name, adapter);
    },
    names: () => [...ADAPTERS, ...own.keys()],
    find: (name, payload) => (name === null ? undefined : (own.get(name) ?? builtIn(name))) ?? adapters[detectAdapter(payload) ?? 'json'],
  };
}
