import type { Knex } from 'knex';
import type { Kit } from './kit';

/** The part of Strapi these plugins use, so that they compile without its whole type graph. */
export interface Host {
  readonly db: { readonly connection: Knex; query(uid: string): HostQuery };
  readonly log: { info(m: string): void; warn(m: string): void; error(m: unknown): void; debug(m: string): void };
  readonly config: { get<T>(key: string, fallback?: T): T };
  readonly server: {
    readonly httpServer: import('node:http').Server;
    use(middleware: (ctx: HostContext, next: () => Promise<void>) => Promise<void>): void;
  };
  readonly dirs: { readonly app: { readonly root: string }; readonly static: { readonly public: string } };
  plugin(name: string): { service(name: string): unknown };
  store(params: { type: string; name: string; key: string }): {
    get(): Promise<Record<string, unknown> | null>;
    set(params: { value: unknown }): Promise<void>;
  };
  documents: { use(middleware: (context: { uid: string; action: string }, next: () => Promise<unknown>) => Promise<unknown>): void };
}

export interface HostQuery {
  findOne(params: Record<string, unknown>): Promise<Record<string, unknown> | null>;
  findMany(params: Record<string, unknown>): Promise<Record<string, unknown>[]>;
  create(params: { data: Record<string, unknown> }): Promise<Record<string, unknown>>;
}

/** Koa's context as these plugins use it. */
export interface HostContext {
  readonly params: Record<string, string>;
  readonly query: Record<string, string | string[] | undefined>;
  readonly request: {
    readonly body: unknown;
    readonly header: Record<string, string | string[] | undefined>;
    readonly files?: Record<string, unknown>;
    readonly ip: string;
  };
  readonly req: import('node:http').IncomingMessage;
  readonly res: import('node:http').ServerResponse;
  readonly method: string;
  readonly path: string;
  status: number;
  body: unknown;
  type: string;
  respond?: boolean;
  set(name: string, value: string): void;
  get(name: string): string;
}

export const getKit = (strapi: Host): Kit => strapi.plugin('crm-core').service('kit') as Kit;
