/** Whose conditions are counted: the resource that is asked, and where its words stand below `setup.`. */
export const MATCH_SUBJECTS = {
  lead: { resource: 'leads', words: 'condition' },
  member: { resource: 'routing-people', words: 'condition.people' },
} as const;
export type MatchSubject = keyof typeof MATCH_SUBJECTS;

export const isMatchSubject = (subject: string): subject is MatchSubject => subject in MATCH_SUBJECTS;

/** What is shown of a lead or of a person among the examples. */
export interface Sampled {
  readonly id: number;
  readonly name?: string | null;
  readonly company?: string | null;
  readonly grade?: string | null;
  readonly stage?: string | null;
  readonly owner?: number | null;
  readonly pool?: number | null;
  readonly team?: number | null;
}
