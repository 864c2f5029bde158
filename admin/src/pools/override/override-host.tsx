import { Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useCallback, useState, type ReactNode } from 'react';
import { useRefusalText } from '../../api/errors';
import type { BulkResult } from '../../api/types';
import { WhyDialog } from '../why-dialog';
import { OverrideContext, type AskOverride } from './override';

interface Question {
  readonly refused: readonly BulkResult[];
  readonly answer: (reason: string | null) => void;
}

const OverrideDialog = ({ question }: { question: Question }) => {
  const translate = useTranslate();
  const refusalText = useRefusalText();
  const sentences = [...new Set(question.refused.map((result) => refusalText(result)))];
  const many = question.refused.length > 1 ? `${translate('pools.override.leads', { smart_count: question.refused.length })}. ` : '';
  return (
    <WhyDialog
      title={translate('pools.override.title')}
      hint={`${many}${translate('pools.override.hint')}`}
      why={translate('pools.override.reason')}
      submit={translate('pools.override.go')}
      cancel={translate('pools.override.leave')}
      color="warning"
      close={() => question.answer(null)}
      run={question.answer}
    >
      {sentences.map((sentence) => (
        <Typography key={sentence} variant="body2" color="warning.main">
          {sentence}
        </Typography>
      ))}
    </WhyDialog>
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
