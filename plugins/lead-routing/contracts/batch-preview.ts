/** The answer of `POST /routing/preview`: what routing a batch would do, and nothing written. */
export interface BatchPreview {
  /** Leads looked at; `total` may be more, of which these are the first. */
  readonly leads: number;
  readonly total: number;
  /** Who would get how many, most first, and of which grade (letters; `-` = none). */
  readonly people: readonly {
    readonly member: number;
    readonly name: string;
    readonly leads: number;
    readonly grades: Readonly<Record<string, number>>;
  }[];
  readonly pools: readonly { readonly pool: number; readonly name: string; readonly leads: number }[];
  /** Nobody has them afterwards: they wait, or nobody could take them. */
  readonly held: number;
  readonly nobody: number;
}
