import { useMemo } from 'react';

/**
 * The same object for as long as it says the same. A field with suggestions takes a list that is made anew at every drawing for a new choice,
 * and forgets what is being typed.
 */
export const useSame = <Value>(value: Value): Value => {
  const text = JSON.stringify(value);
  return useMemo(() => JSON.parse(text) as Value, [text]);
};
