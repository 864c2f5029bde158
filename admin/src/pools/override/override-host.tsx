import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useCallback, useState, type ReactNode } from 'react';
import { useRefusalText } from '../../api/errors';
import type { BulkResult } from '../../api/types';
import { OverrideContext, type AskOverride } from './override';

interface Question {
  readonly refused: readonly BulkResult[];
  readonly answer: (reason: string | null) => void;
}

const OverrideDialog = ({ question }: { question: Question }) => {
  const translate = useTranslate();
  const refusalText = useRefusalText();
  const [reason, setReason] = useState('');
  const leave = (): void => question.answer(null);
  const sentences = [...new Set(question.refused.map((result) => refusalText(result)))];
  return (
    <Dialog open onClose={leave} fullWidth maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim()) question.answer(reason.trim());
        }}
      >
        <DialogTitle>{translate('pools.override.title')}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 1.5, pt: '8px !important' }}>
          {sentences.map((sentence) => (
            <Typography key={sentence} variant="body2" color="warning.main">
              {sentence}
            </Typography>
          ))}
          <Typography variant="body2" color="text.secondary">
            {question.refused.length > 1 && `${translate('pools.override.leads', { smart_count: question.refused.length })}. `}
            {translate('pools.override.hint')}
          </Typography>
          <TextField
            autoFocus
            required
            multiline
            minRows={2}
            label={translate('pools.override.reason')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 500 } }}
          />
        </DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={leave}>
            {translate('pools.override.leave')}
          </Button>
          <Button type="submit" variant="contained" color="warning" disabled={!reason.trim()}>
            {translate('pools.override.go')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};

/** Lets every page below ask for the reason of an override. One question at a time. */
export const OverrideHost = ({ children }: { children: ReactNode }) => {
  const [question, setQuestion] = useState<Question | null>(null);
  const ask: AskOverride = useCallback(
    (refused) =>
      new Promise((resolve) => {
        setQuestion({
          refused,
          answer: (reason) => {
            setQuestion(null);
            resolve(reason);
          },
        });
      }),
    [],
  );
  return (
    <OverrideContext.Provider value={ask}>
      {children}
      {question && <OverrideDialog question={question} />}
    </OverrideContext.Provider>
  );
};
