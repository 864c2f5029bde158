export * from './sql';
export * from './actor';
export * from './condition';
export * from './calendar';
export * from './errors';
export * from './host';
export * from './kit';
