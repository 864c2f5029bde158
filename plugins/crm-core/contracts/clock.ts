/** Product time. Always ask it, never `new Date()`: tests and the demo move it. */
export interface Clock {
  now(): Date;
}
