export * from './contracts';
export { closedStages } from './server/src/services/stages';
export { companyKey, leadKeys } from './server/src/domain/identity';
export { addCaptureAdapter } from './server/src/services/capture-adapters';
export type { Adapter as CaptureAdapter, CaptureResult } from './server/src/domain/capture';
