export * from './lead';
export * from './change';
export * from './reactor';
export * from './access';
export * from './lifecycle';
export * from './lifecycle-templates';
export * from './consent';
export * from './account-matching';
export { EVENT_TITLES } from './event-titles';
