import { useNotify, useTranslate } from 'ra-core';
import { useCallback } from 'react';
import { useRefusalText } from '../api/errors';
import { API, httpClient } from '../api/http-client';
import { useLeadsChanged } from '../leads/leads-changed';
import { useDoneNote } from '../leads/undo';

/** Posts a verb of leads or opportunities, says what was done with a way back, and asks again for what it changed. */
export const useOpportunityVerb = (): ((path: string, body: Record<string, unknown>, done: string) => Promise<boolean>) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const doneNote = useDoneNote();
  return useCallback(
    async (path, body, done) => {
      try {
        const { headers } = await httpClient<unknown>(`${API}${path}`, { method: 'POST', body: JSON.stringify(body) });
        doneNote(translate(done), headers.get('x-request-id'));
        changed();
        return true;
      } catch (error) {
        notify(refusalText(error), { type: 'error' });
        return false;
      }
    },
    [translate, notify, refusalText, changed, doneNote],
  );
};
