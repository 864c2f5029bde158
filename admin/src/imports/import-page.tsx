import { Box, Step, StepLabel, Stepper, Typography } from '@mui/material';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useParams } from 'react-router-dom';
import { ErrorState } from '../common/error-state';
import { PageHeader, PageSkeleton } from '../common/page';
import { getImport } from './api';
import { CheckStep } from './check-step';
import { FileStep } from './file-step';
import { MappingStep } from './mapping-step';
import { OptionsStep } from './options-step';
import { RunStep } from './run-step';
import type { ImportRecord } from './types';

const STEPS = ['file', 'mapping', 'options', 'check', 'run'] as const;
const BUSY = ['checking', 'running', 'reverting'];

/** The step an import is at when somebody opens it. */
const stepOf = (record: ImportRecord): number => {
  if (record.status === 'draft') return 0;
  return record.status === 'checking' || record.status === 'checked' ? 3 : 4;
};

const Wizard = ({ record }: { record: ImportRecord }) => {
  const translate = useTranslate();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(() => stepOf(record));
  const step = ['draft', 'checked'].includes(record.status) ? Math.min(chosen, 3) : stepOf(record);
  const changed = (next?: ImportRecord): void => {
    if (next) client.setQueryData(['imports', 'one', record.id], next);
    void client.invalidateQueries({ queryKey: ['imports'] });
  };
  const props = { record, changed, back: () => setChosen(step - 1), next: () => setChosen(step + 1) };
  return (
    <>
      <PageHeader
        title={record.fileName}
        subtitle={`${translate(`imports.kinds.${record.kind}`)} · ${translate(`imports.statuses.${record.status}`)}`}
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 5, maxWidth: 1200 }}>
        <Stepper activeStep={record.status === 'done' ? STEPS.length : step} sx={{ mb: 2, display: { xs: 'none', sm: 'flex' } }}>
          {STEPS.map((name) => (
            <Step key={name}>
              <StepLabel>{translate(`imports.steps.${name}`)}</StepLabel>
            </Step>
          ))}
        </Stepper>
        <Typography variant="subtitle2" sx={{ mb: 1, display: { sm: 'none' } }}>
          {step + 1} / {STEPS.length} · {translate(`imports.steps.${STEPS[step] ?? 'file'}`)}
        </Typography>
        {step === 0 && <FileStep {...props} />}
        {step === 1 && <MappingStep {...props} />}
        {step === 2 && <OptionsStep {...props} />}
        {step === 3 && <CheckStep {...props} />}
        {step === 4 && <RunStep {...props} />}
      </Box>
    </>
  );
};

/** One import, from the file to its result. */
export const ImportPage = () => {
  const id = Number(useParams().id);
  const { data, error, refetch } = useQuery({
    queryKey: ['imports', 'one', id],
    queryFn: ({ signal }) => getImport(id, signal),
    refetchInterval: (query) => (query.state.data && BUSY.includes(query.state.data.status) ? 1000 : false),
  });
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Wizard key={data.id} record={data} />;
};
