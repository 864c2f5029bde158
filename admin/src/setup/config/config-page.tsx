import DownloadIcon from '@mui/icons-material/FileDownloadOutlined';
import UploadIcon from '@mui/icons-material/FileUploadOutlined';
import type { ConfigPlan } from '@leadsea/crm-core/contracts/config';
import { Alert, Box, Button, FormControlLabel, TextField, Typography } from '@mui/material';
import { useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'ra-core';
import { useState, type ChangeEvent } from 'react';
import { asRefusal } from '../../api/errors';
import { postJson } from '../../api/http-client';
import { saveFile } from '../../api/save-file';
import { useAccess } from '../../api/session-context';
import { PageHeader } from '../../common/page';
import { Toggle } from '../kit/toggle';
import { useRefusalWords } from '../kit/refusal-words';
import { PlanView } from './plan-view';

interface Applied {
  readonly applied: readonly unknown[];
  /** Waits for a second person. */
  readonly asked: readonly unknown[];
  readonly failed: { readonly key: string; readonly message: string } | null;
}

const download = (): Promise<void> => saveFile('/config', 'leadsea.yaml');

/** The configuration as text: download it, compare a text with what is here, apply the difference. */
const ConfigPage = () => {
  const translate = useTranslate();
  const notify = useNotify();
  const access = useAccess();
  const client = useQueryClient();
  const refusal = useRefusalWords('config');
  const [text, setText] = useState('');
  const [prune, setPrune] = useState(false);
  const [plan, setPlan] = useState<ConfigPlan | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (next: string): void => {
    setText(next);
    setPlan(null);
  };
  const work = async (run: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await run();
    } catch (error) {
      if (asRefusal(error).code === 'CONFIG_MOVED') setPlan(null);
      setProblem(refusal(error));
    }
    setBusy(false);
  };
  const compare = (): Promise<void> => work(async () => setPlan(await postJson<ConfigPlan>('/config/plan', { bundle: text, prune })));
  const apply = (): Promise<void> =>
    work(async () => {
      const { applied, asked, failed } = await postJson<Applied>('/config/apply', { bundle: text, prune, base: plan?.base });
      if (failed) setProblem(translate('setup.config.failed', { done: applied.length, key: failed.key, message: failed.message }));
      else if (asked.length > 0)
        notify('setup.config.asked', { type: 'info', messageArgs: { count: applied.length, asked: asked.length } });
      else notify('setup.config.applied', { type: 'info', messageArgs: { count: applied.length } });
      await client.invalidateQueries();
      setPlan(failed ? null : await postJson<ConfigPlan>('/config/plan', { bundle: text, prune }));
    });
  const read = (event: ChangeEvent<HTMLInputElement>): void => {
    const [file] = event.target.files ?? [];
    event.target.value = '';
    void file?.text().then(change);
  };
  return (
    <>
      <PageHeader
        title={translate('setup.config.title')}
        actions={
          <Button variant="outlined" startIcon={<DownloadIcon />} onClick={() => void work(download)}>
            {translate('setup.config.download')}
          </Button>
        }
      />
      <Box sx={{ px: { xs: 2, md: 3 }, pb: 4, maxWidth: 1000, display: 'grid', gap: 2, '& > *': { minWidth: 0 } }}>
        <Typography variant="body2" color="text.secondary" sx={{ maxWidth: 720 }}>
          {translate('setup.config.intro')}
        </Typography>
        <TextField
          multiline
          minRows={8}
          maxRows={24}
          label={translate('setup.config.text')}
          helperText={translate('setup.config.textHelp')}
          value={text}
          onChange={(event) => change(event.target.value)}
          slotProps={{ htmlInput: { spellCheck: false, style: { fontFamily: 'ui-monospace, monospace', fontSize: 12 } } }}
        />
        <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap', alignItems: 'center' }}>
          <Button component="label" startIcon={<UploadIcon />}>
            {translate('setup.config.upload')}
            <input hidden type="file" accept=".yaml,.yml,.json" onChange={read} />
          </Button>
          <FormControlLabel
            control={
              <Toggle
                checked={prune}
                onChange={(_event, on) => {
                  setPrune(on);
                  setPlan(null);
                }}
              />
            }
            label={<Typography variant="body2">{translate('setup.config.prune')}</Typography>}
            sx={{ ml: 0, gap: 0.5 }}
          />
          <Box sx={{ flex: 1 }} />
          <Button variant={plan ? 'outlined' : 'contained'} disabled={busy || text.trim() === ''} onClick={() => void compare()}>
            {translate('setup.config.plan')}
          </Button>
          {plan && plan.changes.length > 0 && access.can('update', 'config') && (
            <Button variant="contained" disabled={busy || plan.problems.length > 0} onClick={() => void apply()}>
              {translate('setup.config.apply', { smart_count: plan.changes.length })}
            </Button>
          )}
        </Box>
        {problem && <Alert severity="error">{problem}</Alert>}
        {plan && <PlanView plan={plan} />}
      </Box>
    </>
  );
};

export default ConfigPage;
