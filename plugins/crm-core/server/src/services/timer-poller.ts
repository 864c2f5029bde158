import type { Knex } from 'knex';
import type { Clock, Kit } from '../../../contracts';
import { LONGEST_SLEEP_MS, pruneFinished } from './timer-store';

const KEEP_FINISHED_DAYS = 30;
const PRUNE_BATCH = 1000;
const PRUNE_EVERY_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

interface PollerOptions {
  readonly db: Knex;
  readonly clock: Clock;
  readonly log: Kit['log'];
  /** Fires one batch of what is due; returns how many timers it saw. */
  readonly fire: () => Promise<number>;
  /** When the next timer is due. */
  readonly next: () => Promise<Date | null>;
}

export interface Poller {
  start(): void;
  /** Something is due at this time, or at an unknown time (null): look again if that is before the poller would wake. */
  wake(dueAt: Date | null): void;
  stop(): Promise<void>;
}

/** Sleeps until the next timer is due, at most 5 s (semantics §3), and fires it. One loop per process. */
export function createPoller({ db, clock, log, fire, next }: PollerOptions): Poller {
  let running = false;
  let loop: Promise<void> = Promise.resolve();
  /** While asleep: when the sleep ends, in product time. */
  let wakesAt: number | null = null;
  let awaken: () => void = () => undefined;
  let woken = false;
  let nextPrune = 0;

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (woken || !running) return resolve();
      wakesAt = clock.now().getTime() + ms;
      const timeout = setTimeout(resolve, ms);
      awaken = () => {
        clearTimeout(timeout);
        resolve();
      };
    });

  /** Small batches, spaced out, and only when there is nothing to fire: a backlog of old rows goes in a few hours. */
  async function prune(): Promise<void> {
    if (performance.now() < nextPrune) return;
    const removed = await pruneFinished(db, new Date(clock.now().getTime() - KEEP_FINISHED_DAYS * DAY_MS), PRUNE_BATCH);
    nextPrune = performance.now() + (removed === PRUNE_BATCH ? LONGEST_SLEEP_MS : PRUNE_EVERY_MS);
  }

  /** An idle look is one statement: nothing is taken, and no transaction opened, before something is due. */
  async function look(): Promise<number> {
    while (running) {
      const due = await next();
      const wait = due ? due.getTime() - clock.now().getTime() : LONGEST_SLEEP_MS;
      if (wait > 0) {
        await prune();
        return Math.min(LONGEST_SLEEP_MS, wait);
      }
      // Due, yet not taken: another process has it in hand.
      if ((await fire()) === 0) return 200;
    }
    return 0;
  }

  async function run(): Promise<void> {
    while (running) {
      woken = false;
      let wait = LONGEST_SLEEP_MS;
      try {
        wait = await look();
      } catch (error) {
        log.error('Looking for due timers failed; trying again.', error);
        woken = false;
      }
      await sleep(wait);
      wakesAt = null;
      awaken = () => undefined;
    }
  }

  return {
    start: () => {
      if (running) return;
      running = true;
      loop = run();
    },
    wake: (dueAt) => {
      if (dueAt && wakesAt !== null && dueAt.getTime() >= wakesAt) return;
      woken = true;
      awaken();
    },
    stop: async () => {
      running = false;
      awaken();
      await loop;
    },
  };
}
