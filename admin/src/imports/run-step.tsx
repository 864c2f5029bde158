import DownloadIcon from '@mui/icons-material/DownloadOutlined';
import { Box, Button, Dialog, DialogActions, DialogContent, DialogTitle, LinearProgress, Typography } from '@mui/material';
import { useMutation } from '@tanstack/react-query';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useRefusalText } from '../api/errors';
import { productNow } from '../common/product-clock';
import { useLocaleCode } from '../common/text';
import { formatDuration } from '../common/time';
import { showNumber } from '../common/values';
import { downloadErrors, importStep } from './api';
import { Counts } from './counts';
import { rateOf } from './mapping';
import { StepFrame, type StepProps } from './step-frame';
import type { ImportKind, ImportRecord } from './types';

const COUNTS = ['created', 'updated', 'merged', 'linked', 'skipped', 'failed'] as const;
const RECORD_COUNTS = ['created', 'updated', 'skipped', 'failed'] as const;
const REVERTED = ['removed', 'restored', 'conflictCount'] as const;
const PAGES: Record<ImportKind, string> = {
  leads: '/leads',
  accounts: '/accounts',
  opportunities: '/opportunities',
  activities: '/activities',
};

/** Where what a file brought can be seen: of leads it made, only those. */
const pageOf = ({ id, kind, counts }: ImportRecord): string => {
  const only = kind === 'leads' && (counts.created ?? 0) > 0 ? { importId: id } : kind === 'opportunities' ? {} : null;
  return only ? `${PAGES[kind]}?filter=${encodeURIComponent(JSON.stringify(only))}&page=1` : PAGES[kind];
};

const Progress = ({ record }: { record: ImportRecord }) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  const total = record.total ?? record.dryRun?.rows ?? 0;
  const percent = total > 0 ? Math.min(100, (record.done / total) * 100) : 0;
  const rate = rateOf(record.done, record.startedAt, productNow());
  return (
    <Box>
      <LinearProgress variant={total > 0 ? 'determinate' : 'indeterminate'} value={percent} sx={{ height: 8, borderRadius: 1 }} />
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 2, flexWrap: 'wrap', mt: 0.75, fontSize: 13, minHeight: 20 }}>
        <span>{translate('imports.progress', { done: showNumber(record.done, locale), total: showNumber(total, locale) })}</span>
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {rate !== null &&
            translate('imports.rate', {
              rate: showNumber(rate, locale),
              left: formatDuration(Math.max(0, (total - record.done) / Math.max(1, rate)), locale),
            })}
        </Box>
      </Box>
    </Box>
  );
};

/** Runs, and then what came of it: counts, refused rows to mend, and the way back. */
export const RunStep = ({ record, changed }: StepProps) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const [asking, setAsking] = useState(false);
  const step = useMutation({ mutationFn: (name: 'cancel' | 'revert') => importStep(record.id, name), onSuccess: () => changed() });
  const download = useMutation({ mutationFn: () => downloadErrors(record) });
  const { status, counts, kind } = record;
  const ended = ['done', 'cancelled', 'failed'].includes(status);
  const error = step.error ?? download.error;
  const brought = (counts.created ?? 0) + (counts.updated ?? 0) + (counts.merged ?? 0) + (counts.linked ?? 0);
  return (
    <StepFrame error={error ? refusal(error) : record.error}>
      <Box sx={{ display: 'grid', gap: 2 }}>
        {(status === 'running' || status === 'reverting') && <Progress record={record} />}
        <Counts
          counts={(kind === 'leads' ? COUNTS : RECORD_COUNTS).map((key) => ({ key, value: counts[key] ?? 0, bad: key === 'failed' }))}
          words={`imports.${kind === 'leads' ? 'counts' : 'recordCounts'}`}
        />
        {status === 'reverted' && (
          <>
            <Typography>{translate('imports.revertedHint')}</Typography>
            <Counts counts={REVERTED.map((key) => ({ key, value: Number(record.revert?.[key] ?? 0) }))} words="imports.revertedCounts" />
          </>
        )}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          {status === 'running' && (
            <Button variant="outlined" onClick={() => step.mutate('cancel')} disabled={step.isPending}>
              {translate('imports.stop')}
            </Button>
          )}
          {(counts.failed ?? 0) > 0 && (
            <Button variant="outlined" startIcon={<DownloadIcon />} onClick={() => download.mutate()} disabled={download.isPending}>
              {translate('imports.download', { smart_count: counts.failed ?? 0 })}
            </Button>
          )}
          {ended && (
            <Button variant="contained" component={Link} to={pageOf(record)}>
              {translate(`imports.toRecords.${kind}`)}
            </Button>
          )}
          {ended && brought > 0 && (
            <Button color="error" onClick={() => setAsking(true)} disabled={step.isPending}>
              {translate('imports.revert')}
            </Button>
          )}
          {status !== 'running' && (
            <Button color="inherit" component={Link} to="/imports">
              {translate('imports.all')}
            </Button>
          )}
        </Box>
        {(counts.failed ?? 0) > 0 && (
          <Typography variant="body2" color="text.secondary">
            {translate('imports.downloadHint')}
          </Typography>
        )}
      </Box>
      <Dialog open={asking} onClose={() => setAsking(false)}>
        <DialogTitle>{translate('imports.revertTitle')}</DialogTitle>
        <DialogContent>{translate(kind === 'leads' ? 'imports.revertHint' : `imports.revertRecords.${kind}`)}</DialogContent>
        <DialogActions>
          <Button color="inherit" onClick={() => setAsking(false)}>
            {translate('ra.action.cancel')}
          </Button>
          <Button
            color="error"
            variant="contained"
            onClick={() => {
              setAsking(false);
              step.mutate('revert');
            }}
          >
            {translate('imports.revert')}
          </Button>
        </DialogActions>
      </Dialog>
    </StepFrame>
  );
};
