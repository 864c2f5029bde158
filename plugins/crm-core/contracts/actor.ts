/** Who causes a change or asks a question. `member` is a console user; the others are the product itself. */
export type ActorKind = 'member' | 'system' | 'capture' | 'import' | 'timer';

export interface Actor {
  readonly kind: ActorKind;
  /** crm_members.id when kind is 'member' (or the member on whose behalf an import runs). */
  readonly memberId: number | null;
  readonly name: string;
  readonly teamId: number | null;
  /** Own team and all teams below it. */
  readonly teamIds: readonly number[];
  readonly roles: readonly string[];
  /** Pools in which the member may see leads. */
  readonly poolIds: readonly number[];
  /** Per verb on leads the pools in which the member may use it; a verb that is not named goes by `poolIds`. */
  readonly poolVerbs?: Readonly<Record<string, readonly number[]>>;
  /** Fields of the leads lying in those pools that the member may not see, or only in part. */
  readonly poolFields?: readonly PoolFieldAccess[];
  readonly timeZone: string;
  readonly locale: 'zh' | 'en';
}

/** The pools a member sees, and per verb on leads those in which he may use it. */
export interface PoolAccess {
  readonly seen: readonly number[];
  readonly verbs: Readonly<Record<string, readonly number[]>>;
  readonly fields?: readonly PoolFieldAccess[];
}

export interface PoolFieldAccess {
  readonly field: string;
  readonly access: 'hidden' | 'masked';
  readonly pools: readonly number[];
}

/** Why a change happened, stored on every event: `{ type: 'claim' }`, `{ type: 'import', id: '12' }`, `{ type: 'timer', id: 'recycle' }`. */
export interface Cause {
  readonly type: string;
  readonly id?: string;
  readonly note?: string;
}
