export * from './policy';
export * from './decision';
export * from './words';
export * from './template';
