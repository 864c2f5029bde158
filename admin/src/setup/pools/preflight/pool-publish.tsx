import type { Pool } from '@leadsea/lead-pools/contracts/pool';
import {
  Box,
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogContent,
  DialogTitle,
  FormControlLabel,
  Skeleton,
  Slider,
  TextField,
  Typography,
  useMediaQuery,
} from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useTranslate } from 'ra-core';
import { useEffect, useState } from 'react';
import { useRefusalText } from '../../../api/errors';
import { ErrorState } from '../../../common/error-state';
import { SpanInput } from '../../../conditions/span-input';
import type { Preflight } from '../../../pools/duty-api';
import { Changes } from '../../policy/changes';
import { Findings } from '../../policy/side-panel';
import { usePreview, type PolicyEditing } from '../../policy/use-policy';
import { useIsGuarded } from '../../reviews/use-guarded';
import { PreflightView } from './preflight-view';

const SETTLE = 500;

/** Grace and share per day, changed in the draft itself: what is shown below follows. */
const Start = ({ editing }: { editing: PolicyEditing }) => {
  const translate = useTranslate();
  const body = editing.body as Partial<Pool>;
  const percent = body.staged?.percentPerDay ?? 100;
  const set = (change: Partial<Pool>): void => editing.setBody((old) => ({ ...(old as Partial<Pool>), ...change }));
  const { dirty, busy, save } = editing;
  useEffect(() => {
    if (!dirty || busy) return undefined;
    const timer = setTimeout(() => void save(), SETTLE);
    return () => clearTimeout(timer);
  }, [dirty, busy, save]);
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: '1fr', sm: 'auto 1fr' },
        columnGap: 4,
        p: 1.5,
        bgcolor: 'action.hover',
        borderRadius: 1,
      }}
    >
      <SpanInput
        label={translate('setup.pool.grace')}
        value={body.graceAfterPublish ?? 'P3BD'}
        units={['bday', 'day', 'hour']}
        minimum={0}
        onChange={(iso) => set({ graceAfterPublish: iso })}
      />
      <Box sx={{ minWidth: 0, px: 1 }}>
        <Typography variant="body2">
          {percent === 100
            ? translate('setup.pool.stagedAll')
            : translate('setup.pool.stagedShare', { percent, days: Math.ceil(100 / percent) })}
        </Typography>
        <Slider
          size="small"
          min={5}
          max={100}
          step={5}
          value={percent}
          onChange={(_event, value) => set({ staged: { percentPerDay: typeof value === 'number' ? value : (value[0] ?? 100) } })}
          aria-label={translate('setup.pool.staged')}
        />
      </Box>
    </Box>
  );
};

/** The preflight: who loses what when, how gently it starts, and why; then the draft goes live. */
export const PoolPublish = ({ editing, close }: { editing: PolicyEditing; close: () => void }) => {
  const translate = useTranslate();
  const refusal = useRefusalText();
  const isSmall = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const [note, setNote] = useState('');
  const [seen, setSeen] = useState(false);
  const guarded = useIsGuarded('pools');
  const { record, findings, busy, dirty } = editing;
  const preview = usePreview('pools', record.id, record.draftChangedAt, !dirty);
  const preflight = preview.data?.['preflight'] as Preflight | undefined;
  const tonight = preflight?.moves.tonight ?? 0;
  const isWrong = findings.some((finding) => finding.level === 'error');
  const ready = !busy && !dirty && !isWrong && note.trim() !== '' && (tonight === 0 || seen) && !preview.isPending;
  const publish = async (): Promise<void> => {
    if (await editing.publish(note.trim())) close();
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="md" fullScreen={isSmall}>
      <DialogTitle>{translate('setup.policy.publishTitle', { name: editing.name })}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
        {findings.length > 0 && <Findings findings={findings} />}
        {preview.error ? (
          <ErrorState dense error={preview.error} retry={() => void preview.refetch()} />
        ) : preflight ? (
          <Box sx={{ opacity: dirty || preview.isFetching ? 0.5 : 1 }} aria-busy={dirty || preview.isFetching}>
            <PreflightView pool={record.id} preflight={preflight} stamp={record.draftChangedAt} />
          </Box>
        ) : (
          preview.isPending && <Skeleton variant="rounded" height={220} />
        )}
        <Start editing={editing} />
        {record.version !== null && (
          <Box sx={{ maxHeight: 220, overflow: 'auto' }}>
            <Typography variant="subtitle2" sx={{ mb: 0.5 }}>
              {translate('setup.policy.differences')}
            </Typography>
            <Changes before={record.published} after={editing.body} none={translate('setup.policy.noDifferences')} />
          </Box>
        )}
        <TextField
          autoFocus
          fullWidth
          multiline
          minRows={2}
          label={translate('setup.policy.note')}
          helperText={translate('setup.policy.noteHelp')}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          slotProps={{ htmlInput: { maxLength: 1000 } }}
        />
        {tonight > 0 && (
          <FormControlLabel
            control={<Checkbox size="small" checked={seen} onChange={(_event, on) => setSeen(on)} />}
            label={<Typography variant="body2">{translate('setup.pool.preflight.seen', { smart_count: tonight })}</Typography>}
          />
        )}
        {guarded && (
          <Typography variant="body2" color="text.secondary">
            {translate('setup.review.needed')}
          </Typography>
        )}
        {Boolean(editing.error) && (
          <Typography role="alert" variant="body2" color="error">
            {refusal(editing.error)}
          </Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button color="inherit" onClick={close}>
          {translate('ra.action.cancel')}
        </Button>
        <Button variant="contained" color={tonight > 0 ? 'warning' : 'primary'} disabled={!ready} onClick={() => void publish()}>
          {translate(guarded ? 'setup.review.ask' : 'setup.policy.publish')}
        </Button>
      </DialogActions>
    </Dialog>
  );
};
