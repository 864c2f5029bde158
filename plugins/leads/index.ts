export * from './contracts';
export { ACTIVITY_KINDS } from './server/src/resources/meta';
export { closedStages } from './server/src/services/stages';
export { companyKey, leadKeys } from './server/src/domain/identity';
export type { Adapter as CaptureAdapter, CaptureResult } from './server/src/domain/capture';
