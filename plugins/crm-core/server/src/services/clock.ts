import type { Clock } from '../../../contracts';

/** Product time. The offset is moved only by the test clock endpoint (LEADSEA_TEST_CLOCK=1). */
export interface MovableClock extends Clock {
  moveTo(instant: Date): void;
}

export function createClock(): MovableClock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    moveTo: (instant) => {
      offset = instant.getTime() - Date.now();
    },
  };
}
