import { CLOCK_STATES, type ClockState } from '../../../contracts';

/** What can happen to a stored clock. */
export const SIGNALS = ['stop', 'cancel', 'pause', 'resume', 'due', 'block', 'unblock', 'reopen', 'waive', 'relent', 'unwaive'] as const;
export type Signal = (typeof SIGNALS)[number];

/** `late` is used when the deadline has passed (`breached_at` is set): a breach is never forgotten by what follows. */
interface Move {
  readonly onTime: ClockState;
  readonly late: ClockState;
}
const to = (onTime: ClockState, late: ClockState = onTime): Move => ({ onTime, late });

/** The state machine of §2. What is not in the table is a mistake of the caller. */
export const TRANSITIONS: Readonly<Record<ClockState, Readonly<Partial<Record<Signal, Move>>>>> = {
  running: {
    stop: to('met', 'breached_closed'),
    cancel: to('cancelled', 'breached_closed'),
    pause: to('paused'),
    due: to('breached_open'),
    block: to('blocked'),
  },
  paused: {
    stop: to('met', 'breached_closed'),
    cancel: to('cancelled', 'breached_closed'),
    resume: to('running', 'breached_open'),
    block: to('blocked'),
    waive: to('waived'),
  },
  blocked: {
    stop: to('met', 'breached_closed'),
    cancel: to('cancelled', 'breached_closed'),
    pause: to('paused'),
    unblock: to('running', 'breached_open'),
    waive: to('waived'),
  },
  breached_open: {
    stop: to('breached_closed'),
    cancel: to('breached_closed'),
    pause: to('paused'),
    waive: to('waived'),
    // a calendar computed again can take a breach back; so can a correction of the target.
    relent: to('running'),
    block: to('blocked'),
  },
  met: { reopen: to('running', 'breached_open') },
  breached_closed: { reopen: to('breached_open'), waive: to('waived') },
  cancelled: {},
  // a waiver taken back leaves a miss that is over.
  waived: { unwaive: to('breached_closed') },
};

/** @throws Error for a move the table does not have. */
export function next(state: ClockState, signal: Signal, late: boolean): ClockState {
  const move = TRANSITIONS[state][signal];
  if (!move) throw new Error(`A clock that is ${state} cannot take "${signal}".`);
  return late ? move.late : move.onTime;
}

/** Every state that can be reached from `running`; all stored states must be. */
export function reachable(): ReadonlySet<ClockState> {
  const seen = new Set<ClockState>(['running']);
  for (const state of seen)
    for (const move of Object.values(TRANSITIONS[state])) for (const target of [move.onTime, move.late]) seen.add(target);
  return seen;
}

const lost = CLOCK_STATES.filter((state) => !reachable().has(state));
if (lost.length > 0) throw new Error(`Clock states that nothing leads to: ${lost.join(', ')}`);
