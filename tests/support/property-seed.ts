import { configureGlobal } from 'fast-check';

/** In CI the laws are checked on the same cases every time; everywhere else on new ones. PROPERTY_SEED repeats a run. */
const seed = process.env['PROPERTY_SEED'] ?? (process.env['CI'] ? '20260101' : undefined);
if (seed !== undefined) configureGlobal({ seed: Number(seed) });
