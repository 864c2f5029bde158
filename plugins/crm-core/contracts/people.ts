import type { VerbContext } from './resource';

/** What a plugin does when somebody leaves: where what he holds goes. `plan` is what the one who deactivates him said of that. */
export interface LeaverHandler {
  readonly key: string;
  /** Runs before the member is made inactive; throws when it cannot. @returns what was done, for the answer */
  run(context: VerbContext, memberId: number, plan: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface PeopleService {
  onLeave(handler: LeaverHandler): void;
}
