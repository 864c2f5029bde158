import type { Knex } from 'knex';
import type { TimerInput } from '../../plugins/crm-core/contracts';
import { createTimerService, type RunningTimerService } from '../../plugins/crm-core/server/src/services/timers';
import { openMachineDatabase, recordLog } from '../jobs/support/machine';
import type { TestDatabase } from './postgres';

export const T0 = new Date('2024-06-03T09:00:00Z');
export const at = (seconds: number): Date => new Date(T0.getTime() + seconds * 1000);

/** A timer of kind `note`, due so many seconds after T0. */
export const timer = (key: string, seconds: number, over: Partial<TimerInput> = {}): TimerInput => ({
  kind: 'note',
  key,
  subject: 'lead',
  subjectId: 1,
  dueAt: at(seconds),
  ...over,
});

export type TimerLog = ReturnType<typeof recordLog>;

/** The timer service of a test on a database of its own, with what it fired and what it logged since the test began. */
export interface TimerWorld {
  readonly database: TestDatabase;
  readonly db: Knex;
  readonly timers: RunningTimerService;
  readonly fired: { key: string; now: Date }[];
  readonly recorded: TimerLog;
  /** Notes what a service fires. */
  note(service: RunningTimerService): void;
  arm(list: readonly TimerInput[], now?: Date): Promise<void>;
  states(): Promise<Record<string, string>>;
  keys(): string[];
}

/** Registers the hooks: a database per file, empty tables and a new service per test. */
export function timerWorld(): TimerWorld {
  let database: TestDatabase;
  let timers: RunningTimerService;
  const fired: { key: string; now: Date }[] = [];
  const recorded = recordLog();
  const note = (service: RunningTimerService): void =>
    service.handle('note', async (_trx, due, now) => void fired.push(...due.map(({ key }) => ({ key, now }))));

  beforeAll(async () => {
    database = await openMachineDatabase();
    await database.knex.raw('CREATE TABLE effects (key text NOT NULL, worker int NOT NULL)');
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.knex.raw('TRUNCATE crm_timers, effects');
    fired.length = 0;
    recorded.lines.length = 0;
    timers = createTimerService({ db: database.knex, clock: { now: () => T0 }, log: recorded.log });
    note(timers);
  });

  return {
    get database() {
      return database;
    },
    get db() {
      return database.knex;
    },
    get timers() {
      return timers;
    },
    fired,
    recorded,
    note,
    arm: (list, now = T0) => database.knex.transaction((trx) => timers.arm(trx, list, now)),
    states: async () =>
      Object.fromEntries(
        (await database.knex('crm_timers').orderBy('id').select('key', 'state')).map((row: { key: string; state: string }) => [
          row.key,
          row.state,
        ]),
      ),
    keys: () => fired.map((one) => one.key),
  };
}
