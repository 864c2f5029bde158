import {
  Box,
  Button,
  LinearProgress,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableRow,
  Typography,
  useMediaQuery,
  type Theme,
} from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useRefusalText } from '../api/errors';
import { useLocaleCode, useText } from '../common/text';
import { showNumber } from '../common/values';
import { importStep } from './api';
import { Counts } from './counts';
import { StepFrame, type StepProps } from './step-frame';
import type { DryRun } from './types';

/** What is wrong with the file, worst told with its first rows; a table, or cards on a phone. */
const Reasons = ({ reasons }: { reasons: DryRun['reasons'] }) => {
  const small = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const translate = useTranslate();
  const locale = useLocaleCode();
  const problem = (reason: DryRun['reasons'][number]): string =>
    translate(`imports.codes.${reason.code}`, { _: reason.examples[0]?.message ?? reason.code });
  const examples = (reason: DryRun['reasons'][number]): string =>
    reason.examples.map((example) => translate('imports.rowValue', { row: example.row, value: example.value ?? '' })).join(' · ');
  const frame = { bgcolor: 'background.paper', border: 1, borderColor: 'divider', borderRadius: 1 };
  if (small) {
    return (
      <Box component="ul" sx={{ ...frame, listStyle: 'none', m: 0, p: 0 }}>
        {reasons.map((reason) => (
          <Box
            component="li"
            key={`${reason.code}.${reason.column}`}
            sx={{ p: 1.5, borderBottom: 1, borderColor: 'divider', ':last-child': { border: 0 } }}
          >
            <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 1 }}>
              <Typography variant="subtitle2">{[reason.column, problem(reason)].filter(Boolean).join(' · ')}</Typography>
              <Typography variant="subtitle2">{showNumber(reason.count, locale)}</Typography>
            </Box>
            <Typography variant="body2" color="text.secondary">
              {examples(reason)}
            </Typography>
          </Box>
        ))}
      </Box>
    );
  }
  return (
    <Box sx={{ ...frame, overflow: 'auto' }}>
      <Table size="small">
        <TableHead>
          <TableRow>
            <TableCell>{translate('imports.problem')}</TableCell>
            <TableCell>{translate('imports.column')}</TableCell>
            <TableCell align="right">{translate('imports.rows')}</TableCell>
            <TableCell>{translate('imports.firstRows')}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {reasons.map((reason) => (
            <TableRow key={`${reason.code}.${reason.column}`}>
              <TableCell>{problem(reason)}</TableCell>
              <TableCell>{reason.column}</TableCell>
              <TableCell align="right">{showNumber(reason.count, locale)}</TableCell>
              <TableCell sx={{ color: 'text.secondary' }}>{examples(reason)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Box>
  );
};

/** Reads the whole file without writing: what would become of its rows, and what is wrong with them. */
export const CheckStep = ({ record, changed, back }: StepProps) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const text = useText();
  const refusal = useRefusalText();
  const step = useMutation({
    mutationFn: (name: 'dry-run' | 'start' | 'cancel') => importStep(record.id, name),
    onSuccess: () => changed(),
  });
  const { dryRun, status } = record;
  const made = new Map(record.mapping.flatMap(({ create }) => (create ? [[create.key, text(create.label)] as const] : [])));
  const checking = status === 'checking';
  const takes = dryRun ? dryRun.rows - dryRun.errors - dryRun.skip : null;
  return (
    <StepFrame
      hint={dryRun ? undefined : translate('imports.checkHint')}
      error={step.error ? refusal(step.error) : record.error}
      back={checking ? undefined : back}
      next={
        checking
          ? undefined
          : {
              label:
                takes === null
                  ? translate('imports.start')
                  : translate('imports.startCount', { smart_count: takes, count: showNumber(takes, locale) }),
              run: () => step.mutate('start'),
              disabled: step.isPending || !dryRun || takes === 0,
            }
      }
      extra={
        <Button variant="outlined" disabled={step.isPending} onClick={() => step.mutate(checking ? 'cancel' : 'dry-run')}>
          {translate(checking ? 'imports.stop' : dryRun ? 'imports.checkAgain' : 'imports.check')}
        </Button>
      }
    >
      {checking && (
        <Box sx={{ my: 2 }}>
          <LinearProgress />
          <Typography variant="body2" sx={{ mt: 1 }}>
            {translate('imports.checkingFile')}
          </Typography>
        </Box>
      )}
      {dryRun && (
        <Box sx={{ display: 'grid', gap: 2 }}>
          <Counts
            counts={[
              { key: 'rows', value: dryRun.rows },
              { key: 'create', value: dryRun.create },
              { key: 'update', value: dryRun.update },
              { key: 'duplicate', value: dryRun.duplicate },
              { key: 'skip', value: dryRun.skip },
              { key: 'errors', value: dryRun.errors, bad: true },
            ]}
            words={`imports.${record.kind === 'leads' ? 'dry' : 'recordDry'}`}
          />
          {dryRun.newFields.length > 0 && (
            <Typography variant="body2">
              {translate('imports.newFields', { fields: dryRun.newFields.map((key) => made.get(key) || key).join(' · ') })}
            </Typography>
          )}
          {dryRun.reasons.length > 0 ? (
            <Reasons reasons={dryRun.reasons} />
          ) : (
            <Typography color="success.main">{translate('imports.noProblems')}</Typography>
          )}
        </Box>
      )}
    </StepFrame>
  );
};
