import { useTranslate } from 'ra-core';
import { useCallback } from 'react';
import { useTime, type TimeFormats } from '../common/time';
import { ApiError } from './http-client';

type Translate = (key: string, options?: Record<string, unknown>) => string;
export interface Refusal {
  code?: string;
  message?: string;
  details?: Record<string, unknown>;
}

const words = (details: Record<string, unknown>, time: TimeFormats): Record<string, unknown> => {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(details)) {
    const isInstant = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
    out[key] = isInstant ? time.dateTime(value) : Array.isArray(value) ? value.join(', ') : value;
  }
  return out;
};

/** A refusal in the reader's language: by its code when known, else the server's own sentence; then when it ends. */
export const describeRefusal = (refusal: Refusal, translate: Translate, time: TimeFormats): string => {
  const details = words(refusal.details ?? {}, time);
  const fallback = refusal.message || translate('errors.UNKNOWN');
  const own = refusal.code ? translate(`errors.${refusal.code}`, { message: fallback, ...details, _: fallback }) : fallback;
  // A limit of somebody else names him: the reader is not the one who holds too many.
  const known = refusal.code && typeof details.name === 'string' ? translate(`pools.limitOf.${refusal.code}`, { ...details, _: own }) : own;
  const carried = typeof details.carried === 'number' ? ` ${translate('pools.carried', { smart_count: details.carried })}` : '';
  const sentence = known.includes('%{') ? fallback : `${known}${carried}`;
  const isSaid = typeof details.until === 'string' && sentence.includes(details.until);
  if (details.until && !isSaid) return `${sentence} ${translate('errors.resets', { at: details.until })}`;
  return details.resetsAt ? `${sentence} ${translate('errors.resets', { at: details.resetsAt })}` : sentence;
};

export const asRefusal = (error: unknown): Refusal => {
  if (error instanceof ApiError) return { code: error.code, message: error.message, details: error.details };
  return { message: error instanceof Error ? error.message : String(error) };
};

/** Turns an error or a refusal of a bulk verb into one sentence. */
export const useRefusalText = (): ((error: unknown) => string) => {
  const translate = useTranslate();
  const time = useTime();
  return useCallback(
    (error: unknown) => {
      const isRefusal = !(error instanceof Error) && typeof error === 'object' && error !== null;
      return describeRefusal(isRefusal ? error : asRefusal(error), translate, time);
    },
    [translate, time],
  );
};
