import type { Condition, ConditionGroup } from '@leadsea/crm-core/contracts/condition';
import type { MatchAnswer, MatchSide } from '@leadsea/crm-core/contracts/match';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { API, httpClient } from '../api/http-client';
import { useRested } from '../common/rested';
import { MATCH_SUBJECTS, type MatchSubject, type Sampled } from './match-subjects';
import { cleanCondition, EMPTY } from './tree';

const PAUSE_MS = 500;

/** What a condition stands for when nothing is asked. */
export type EmptyMeans = 'always' | 'never';

/** The same condition in the version that is in force: what it said, or that it was not there. */
export type LiveCondition = { readonly found: true; readonly condition: Condition | null } | { readonly found: false };

const NEVER: ConditionGroup = { combinator: 'and', not: true, rules: [] };

/** Nothing asked becomes what it stands for. */
const meant = (condition: Condition | null | undefined, empty: EmptyMeans): ConditionGroup => {
  const cleaned = cleanCondition(condition ?? EMPTY);
  return cleaned.rules.length === 0 && !cleaned.not && empty === 'never' ? NEVER : cleaned;
};

export interface Question {
  readonly subject: MatchSubject;
  readonly where: ConditionGroup;
  /** The live version, when it asks something else. */
  readonly against: ConditionGroup | null;
}

/** What is asked of the server about a condition that is being edited. */
export const questionOf = (subject: MatchSubject, condition: Condition, live: LiveCondition | null, empty: EmptyMeans): Question => {
  const where = meant(condition, empty);
  const was = live?.found ? meant(live.condition, empty) : null;
  return { subject, where, against: was && JSON.stringify(was) !== JSON.stringify(where) ? was : null };
};

/** The condition of one side of a comparison, for the list of leads. */
export const conditionOf = ({ where, against }: Question, side: MatchSide): ConditionGroup => {
  if (side === 'matching' || !against) return where;
  const not = (group: ConditionGroup): ConditionGroup => ({ combinator: 'and', not: true, rules: [group] });
  return { combinator: 'and', rules: side === 'added' ? [where, not(against)] : [against, not(where)] };
};

export type Matched = MatchAnswer<Sampled>;

const ask = async ({ subject, ...question }: Question, more: Record<string, unknown>, signal: AbortSignal): Promise<Matched> => {
  const path = `${API}/${MATCH_SUBJECTS[subject].resource}/match`;
  return (await httpClient<Matched>(path, { method: 'POST', body: JSON.stringify({ ...question, ...more }), signal })).json;
};

/** The question as it stood when nothing had changed for half a second. */
const useSettled = (question: Question): { readonly asked: Question; readonly waiting: boolean } => {
  const wanted = JSON.stringify(question);
  const rested = useRested(wanted, PAUSE_MS);
  return { asked: useMemo(() => JSON.parse(rested) as Question, [rested]), waiting: rested !== wanted };
};

export interface Match {
  /** What was asked last; it follows the condition half a second behind. */
  readonly asked: Question;
  readonly answer: Matched | undefined;
  readonly error: unknown;
  /** The answer is for an older condition, or none has come yet. */
  readonly stale: boolean;
}

/** How many match, come in and fall out; the last answer stays until the next one is there. */
export const useMatch = (question: Question, complete: boolean): Match => {
  const { asked, waiting } = useSettled(question);
  const { data, error, isFetching } = useQuery({
    queryKey: [MATCH_SUBJECTS[asked.subject].resource, 'match', asked],
    queryFn: ({ signal }) => ask(asked, {}, signal),
    enabled: complete,
    placeholderData: (previous) => previous,
    retry: false,
  });
  return { asked, answer: data, error, stale: waiting || isFetching };
};

/** The newest of one side. */
export const useMatchSample = (question: Question, side: MatchSide): UseQueryResult<Matched> =>
  useQuery({
    queryKey: [MATCH_SUBJECTS[question.subject].resource, 'match', question, side],
    queryFn: ({ signal }) => ask(question, { sample: side }, signal),
    retry: false,
  });

/** What each rule of the outermost group finds by itself. */
export const useMatchParts = (question: Question): UseQueryResult<Matched> =>
  useQuery({
    queryKey: [MATCH_SUBJECTS[question.subject].resource, 'match', question, 'parts'],
    queryFn: ({ signal }) => ask({ ...question, against: null }, { parts: true }, signal),
    retry: false,
  });
