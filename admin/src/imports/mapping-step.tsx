import { Alert, Button, Box } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useRefusalText } from '../api/errors';
import { saveImport } from './api';
import { ColumnRow } from './column-row';
import { CREATE, doubled, examplesOf, namesNoLead, slotOf, withChoice } from './mapping';
import { StepFrame, type StepProps } from './step-frame';
import type { ColumnMapping } from './types';

/** Each column of the file with examples and the field it goes to. */
export const MappingStep = ({ record, changed, back, next }: StepProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [mapping, setMapping] = useState<readonly ColumnMapping[]>(record.mapping);
  const twice = doubled(mapping);
  const save = useMutation({
    mutationFn: () => saveImport(record.id, { mapping }),
    onSuccess: (saved) => {
      changed(saved);
      next();
    },
  });
  const edit = (index: number, column: ColumnMapping): void => setMapping(mapping.map((old, at) => (at === index ? column : old)));
  const unmapped = mapping.filter((column) => column.target === null && column.create);
  const used = mapping.filter((column) => column.target !== null).length;
  return (
    <StepFrame
      hint={translate('imports.mappingHint', { used, total: mapping.length })}
      error={save.error ? refusal(save.error) : null}
      back={back}
      next={{ label: translate('imports.toOptions'), run: () => save.mutate(), disabled: used === 0 || twice.size > 0 || save.isPending }}
      extra={
        unmapped.length > 0 && (
          <Button
            onClick={() =>
              setMapping(mapping.map((column) => (column.target === null && column.create ? withChoice(column, CREATE) : column)))
            }
          >
            {translate('imports.createAll', { smart_count: unmapped.length })}
          </Button>
        )
      }
    >
      {namesNoLead(record, mapping) && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {translate('imports.namesNoLead')}
        </Alert>
      )}
      <Box sx={{ bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1 }}>
        {mapping.map((column, index) => (
          <ColumnRow
            key={column.column}
            record={record}
            column={column}
            examples={examplesOf(record.samples, record.headers.indexOf(column.column))}
            clash={twice.has(slotOf(column))}
            change={(edited) => edit(index, edited)}
          />
        ))}
      </Box>
    </StepFrame>
  );
};
