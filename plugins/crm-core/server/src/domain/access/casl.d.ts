/** The package publishes its types through `exports` only, which the compiler's classic resolution does not read. */
declare module '@casl/ability' {
  export * from '@casl/ability/dist/types';
}
