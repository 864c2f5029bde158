import { Button, SnackbarContent } from '@mui/material';
import { useCloseNotification, useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useCallback } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useLeadsChanged } from './leads-changed';

const SHOWN_MS = 8000;
/** The last change of this person in this browser, for the key that takes it back. */
let last: string | null = null;

/** Takes back what one request did, and says for how many leads it worked. */
export const useUndo = (): ((request: string) => Promise<void>) => {
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const translate = useTranslate();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  return useCallback(
    async (request: string) => {
      if (last === request) last = null;
      try {
        const { results } = await provider.undo(request);
        const refused = results.filter((result) => !result.ok).length;
        const done = results.length - refused;
        notify(
          refused > 0
            ? translate('leadTools.undoneSome', { smart_count: refused, done })
            : translate('leadTools.undone', { smart_count: done }),
          { type: refused > 0 ? 'warning' : 'success' },
        );
        changed();
      } catch (error) {
        notify(refusalText(error), { type: 'error' });
      }
    },
    [provider, notify, translate, refusalText, changed],
  );
};

/** Notes are drawn outside the session, so what the button does is handed in by who is inside it. */
const UndoNote = ({ text, onUndo }: { text: string; onUndo: () => void }) => {
  const translate = useTranslate();
  const close = useCloseNotification();
  return (
    <SnackbarContent
      message={text}
      action={
        <Button
          color="inherit"
          size="small"
          sx={{ fontWeight: 700, textDecoration: 'underline' }}
          onClick={() => {
            close?.();
            onUndo();
          }}
        >
          {translate('leadTools.undo')}
        </Button>
      }
    />
  );
};

/** Says what was done, with a button that takes it back. */
export const useDoneNote = (): ((text: string, request: string | null) => void) => {
  const notify = useNotify();
  const undo = useUndo();
  return useCallback(
    (text: string, request: string | null) => {
      if (!request) return notify(text, { type: 'success' });
      last = request;
      return notify(<UndoNote text={text} onUndo={() => void undo(request)} />, { autoHideDuration: SHOWN_MS });
    },
    [notify, undo],
  );
};

/** For a key: takes back the last change, when there is one. */
export const useUndoLast = (): (() => void) => {
  const undo = useUndo();
  return useCallback(() => {
    if (last) void undo(last);
  }, [undo]);
};
