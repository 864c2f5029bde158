export * from './result';
export { adapters, detectAdapter } from './adapters';
