export * from './model';
export * from './explanation';
export * from './study';
export * from './templates';
export * from './grading';
