import { Alert, Box, Chip, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useRefusalText } from '../api/errors';
import { useLocaleCode } from '../common/text';
import { showNumber } from '../common/values';
import { saveImport } from './api';
import { KindChoice } from './kind-choice';
import { StepFrame, type StepProps } from './step-frame';
import type { ImportKind } from './types';

const DELIMITER: Record<string, string> = { ',': ',', ';': ';', '\t': 'Tab', '|': '|' };

/** What the file is and its first rows, as they will be read. */
export const FileStep = ({ record, changed, next }: StepProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const turn = useMutation({ mutationFn: (kind: ImportKind) => saveImport(record.id, { kind }), onSuccess: (saved) => changed(saved) });
  const locale = useLocaleCode();
  const { sniffed } = record;
  const facts = [
    sniffed.kind === 'xlsx' ? 'Excel' : 'CSV',
    sniffed.encoding?.toUpperCase(),
    sniffed.delimiter ? translate('imports.delimiter', { delimiter: DELIMITER[sniffed.delimiter] ?? sniffed.delimiter }) : null,
    `${showNumber(Math.max(1, Math.round(record.size / 1024)), locale)} kB`,
    translate('imports.columns', { smart_count: record.headers.length }),
  ];
  return (
    <StepFrame
      hint={translate('imports.fileHint')}
      error={turn.error ? refusal(turn.error) : null}
      next={{ label: translate('imports.toMapping'), run: next, disabled: turn.isPending }}
    >
      <Box sx={{ mb: 1.5 }}>
        <KindChoice value={turn.isPending ? turn.variables : record.kind} busy={turn.isPending} change={(kind) => turn.mutate(kind)} />
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mb: 1.5 }}>
        {facts.filter(Boolean).map((fact) => (
          <Chip key={String(fact)} size="small" variant="outlined" label={fact} />
        ))}
      </Box>
      {Boolean(record.warning) && (
        <Alert severity="warning" sx={{ mb: 1.5 }}>
          {translate(record.kind === 'leads' ? 'imports.again' : 'imports.recordAgain')}
        </Alert>
      )}
      <Box sx={{ overflow: 'auto', maxHeight: 460, bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1 }}>
        <Table size="small" stickyHeader>
          <TableHead>
            <TableRow>
              {record.headers.map((header) => (
                <TableCell key={header} sx={{ whiteSpace: 'nowrap' }}>
                  {header}
                </TableCell>
              ))}
            </TableRow>
          </TableHead>
          <TableBody>
            {record.samples.map((row, index) => (
              <TableRow key={index}>
                {record.headers.map((header, column) => (
                  <TableCell
                    key={header}
                    sx={{ maxWidth: 260, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
                    title={row[column]}
                  >
                    {row[column]}
                  </TableCell>
                ))}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Box>
    </StepFrame>
  );
};
