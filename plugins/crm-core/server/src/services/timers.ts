import type { Knex } from 'knex';
import type { Clock, Kit, TimerHandler, TimerService } from '../../../contracts';
import { backoffSeconds } from '../domain/machine/backoff';
import { runsByKind } from '../domain/machine/runs';
import { errorText, isTransient } from '../domain/machine/transient';
import type { LiveBus } from './live';
import { createPoller } from './timer-poller';
import { armTimers, cancelTimers, nextDue, noteFailure, takeDue, TIMER_CHANNEL, wakePollers, type TakenTimer } from './timer-store';

export interface RunningTimerService extends TimerService {
  /** Starts the poller of this process (worker roles only). Arming and cancelling work without it. */
  start(): Promise<void>;
  /** Stops it after the batch in hand. */
  stop(): Promise<void>;
}

export interface TimerServiceOptions {
  readonly db: Knex;
  readonly clock: Clock;
  readonly log: Kit['log'];
  /** Wakes the poller when something earlier is armed anywhere; without it a timer may be up to 5 s late. */
  readonly live?: Pick<LiveBus, 'on' | 'onGap'>;
  readonly batchSize?: number;
}

const BATCH_SIZE = 1000;
const RETRY_SECONDS = 30;
const MAX_RETRY_SECONDS = 86_400;
const MAX_ATTEMPTS = 8;
const TRANSIENT_TRIES = 3;
/** How long `drain` waits for a batch that another process has in hand. */
const DRAIN_PATIENCE_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/**
 * Everything that happens later is a row, fired exactly once, in due order, in the transaction of its effect: a crash undoes
 * both, and another process takes the row over. A kind without a handler on this node stays armed for a node that has one.
 */
export function createTimerService({ db, clock, log, live, batchSize = BATCH_SIZE }: TimerServiceOptions): RunningTimerService {
  const handlers = new Map<string, TimerHandler>();
  let turn: Promise<unknown> = Promise.resolve();

  /** One batch at a time in this process, so that `drain` answers only after a batch of the poller has committed. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function callHandlers(trx: Knex.Transaction, timers: readonly TakenTimer[], now: Date): Promise<void> {
    for (const run of runsByKind(timers)) {
      const handler = handlers.get(run[0]?.kind ?? '');
      if (handler) await handler(trx, run, now);
    }
  }

  /** Fires one timer alone; a failure is noted on the row and does not disturb the others. */
  async function fireOne(timer: TakenTimer, now: Date): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await db.transaction(async (trx) => {
          const taken = await takeDue(trx, { kinds: [...handlers.keys()], limit: 1, id: timer.id }, now);
          await callHandlers(trx, taken, now);
          return taken.length;
        });
      } catch (error) {
        if (isTransient(error) && tries < TRANSIENT_TRIES) continue;
        await giveBack(timer, error, now);
        return 0;
      }
    }
  }

  async function giveBack(timer: TakenTimer, error: unknown, now: Date): Promise<void> {
    const attempts = timer.attempts + 1;
    const last = attempts >= MAX_ATTEMPTS;
    const retryAt = last ? null : new Date(now.getTime() + backoffSeconds(RETRY_SECONDS, attempts, MAX_RETRY_SECONDS) * 1000);
    log.error(`Timer ${timer.kind} ${timer.key} failed (${attempts} of ${MAX_ATTEMPTS}).`, error);
    await noteFailure(db, timer, errorText(error), retryAt);
  }

  /** One batch in one transaction; when a handler throws, all of it is undone and the timers are fired one by one. */
  async function fireBatch(now: Date): Promise<{ readonly seen: number; readonly fired: number }> {
    const kinds = [...handlers.keys()];
    if (kinds.length === 0) return { seen: 0, fired: 0 };
    let taken: readonly TakenTimer[] = [];
    try {
      await db.transaction(async (trx) => {
        taken = await takeDue(trx, { kinds, limit: batchSize }, now);
        await callHandlers(trx, taken, now);
      });
      return { seen: taken.length, fired: taken.length };
    } catch (error) {
      const [only, ...more] = taken;
      if (!only) throw error;
      if (more.length === 0 && !isTransient(error)) {
        await giveBack(only, error, now);
        return { seen: 1, fired: 0 };
      }
      let fired = 0;
      for (const timer of taken) fired += await fireOne(timer, now);
      return { seen: taken.length, fired };
    }
  }

  async function drain(now: Date): Promise<number> {
    let total = 0;
    let waitedSince: number | null = null;
    for (;;) {
      const { seen, fired } = await inTurn(() => fireBatch(now));
      total += fired;
      if (seen > 0) {
        waitedSince = null;
        continue;
      }
      const next = await nextDue(db, [...handlers.keys()]);
      if (!next || next > now) return total;
      waitedSince ??= performance.now();
      if (performance.now() - waitedSince > DRAIN_PATIENCE_MS) {
        log.warn('Timers are still due, but their rows are locked elsewhere.');
        return total;
      }
      await pause(20);
    }
  }

  const poller = createPoller({
    db,
    clock,
    log,
    fire: async () => (await inTurn(() => fireBatch(clock.now()))).seen,
    next: () => nextDue(db, [...handlers.keys()]),
  });
  let silence: (() => void)[] = [];

  return {
    arm: armTimers,
    cancel: cancelTimers,
    wake: wakePollers,
    handle: (kind, handler) => {
      if (handlers.has(kind)) throw new Error(`Timer kind ${kind} already has a handler.`);
      handlers.set(kind, handler);
    },
    drain,
    start: async () => {
      if (live) silence = [live.on(TIMER_CHANNEL, (dueAt) => poller.wake(new Date(dueAt))), live.onGap(() => poller.wake(null))];
      poller.start();
    },
    stop: async () => {
      for (const off of silence) off();
      silence = [];
      await poller.stop();
    },
  };
}
