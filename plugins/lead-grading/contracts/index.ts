export * from './model';
export * from './explanation';
export * from './templates';
