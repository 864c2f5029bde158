export * from './contracts';
export { ACTIVITY_KINDS } from './server/src/resources/meta';
export { closedStages } from './server/src/services/stages';
export { companyKey, leadKeys, nameKey } from './server/src/domain/identity';
export { soundKey } from './server/src/domain/identity/sound';
export type { Adapter as CaptureAdapter, CaptureResult } from './server/src/domain/capture';
