export * from './contracts';
export { closedStages } from './server/src/services/stages';
