import { asRefusal } from '../../api/errors';
import { scalarText } from '../../conditions/scalar';
import type { Issue } from './form-context';

interface Raw {
  readonly path?: unknown;
  readonly message?: unknown;
}

/**
 * The places a refusal names: `details.issues`, `findings` or `errors`, or the one `details.field`.
 * @param words the refusal in the reader's language, for the one field; by default the server's own sentence
 */
export const issuesOf = (error: unknown, words?: string): Issue[] => {
  const { details = {}, message = '' } = asRefusal(error);
  const lists: unknown[] = [details.issues, details.findings, details.errors];
  const found = lists.find((list): list is Raw[] => Array.isArray(list)) ?? [];
  if (typeof details.field === 'string' && found.length === 0) return [{ path: details.field, message: words ?? message }];
  return found.flatMap((issue) =>
    typeof issue.message === 'string'
      ? [{ path: Array.isArray(issue.path) ? issue.path.map(scalarText).join('.') : scalarText(issue.path), message: issue.message }]
      : [],
  );
};
