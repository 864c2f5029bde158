import type { Host } from '../../../contracts';
import { composeCore, type Core } from './compose';

const cores = new WeakMap<object, Core>();

/** The composed core of a Strapi instance; made on first use, so that plugins may register in any order. */
export function coreOf(strapi: Host): Core {
  const known = cores.get(strapi);
  if (known) return known;
  const core = composeCore(strapi);
  cores.set(strapi, core);
  return core;
}
