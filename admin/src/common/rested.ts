import { useEffect, useRef, useState, type ChangeEvent, type KeyboardEvent } from 'react';

/** How long somebody must have stopped typing before the server is asked. */
export const REST_MS = 300;

/** The value as it stood when it had not changed for `ms` milliseconds; compared by identity, so text and numbers. */
export const useRested = <Value extends string | number>(value: Value, ms: number = REST_MS): Value => {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
};

/** What a text field needs to hand on what is typed into it. */
export interface TypedText {
  readonly value: string;
  readonly onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  readonly onBlur: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onCompositionStart: () => void;
  readonly onCompositionEnd: () => void;
}

/**
 * A field whose text the server is asked for: when somebody has stopped typing for a moment, at once with Enter or when the field is left, and not
 * while an input method still spells out a word. `stored` is what is asked for now; the field follows it when it changes elsewhere. Blanks around
 * the text are never asked for, but stay in the field: one at the end is the beginning of the next word.
 */
export const useTypedText = (stored: string, ask: (text: string) => void): TypedText => {
  const [text, setText] = useState(stored);
  const [composing, setComposing] = useState(false);
  const latest = useRef({ ask, asked: stored });
  latest.current.ask = ask;
  const askFor = (typed: string): void => {
    const wanted = typed.trim();
    if (wanted === latest.current.asked) return;
    latest.current.asked = wanted;
    latest.current.ask(wanted);
  };
  useEffect(() => {
    // The answer to what was asked from here comes back while more is typed: only a change from elsewhere replaces the text.
    if (latest.current.asked === stored) return;
    latest.current.asked = stored;
    setText(stored);
  }, [stored]);
  useEffect(() => {
    if (composing) return undefined;
    const timer = setTimeout(() => askFor(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text, composing]);
  return {
    value: text,
    onChange: (event) => setText(event.target.value),
    onBlur: () => askFor(text),
    onKeyDown: (event) => {
      if (event.key === 'Enter' && !event.nativeEvent.isComposing) askFor(text);
    },
    onCompositionStart: () => setComposing(true),
    onCompositionEnd: () => setComposing(false),
  };
};
