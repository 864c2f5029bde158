import BackIcon from '@mui/icons-material/ArrowBack';
import { Box, Button, IconButton, TextField, Typography } from '@mui/material';
import { useNotify, useTranslate } from 'ra-core';
import { useCallback, useMemo, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import { ErrorState } from '../../common/error-state';
import { PageSkeleton, useDocumentTitle } from '../../common/page';
import { useLocaleCode } from '../../common/text';
import { BodyForm, type Issue } from '../kit/form-context';
import { PendingNotice } from '../reviews/pending-notice';
import { PublishDialog } from './publish-dialog';
import { SidePanel } from './side-panel';
import { PolicyStatus } from './status';
import { UnsavedGuard } from './unsaved';
import { usePolicyEditing, usePolicyRecord } from './use-policy';
import type { Finding, PolicyRecord, PolicyUi } from './types';

/** What the checks say of single fields. The server's own words name what is wrong and are English; other languages have theirs by code. */
const useFieldFindings = (found: readonly Finding[]): ((level: Finding['level']) => Issue[]) => {
  const translate = useTranslate();
  const locale = useLocaleCode();
  return useCallback(
    (level) =>
      found.flatMap(({ path, message, code, level: own }) =>
        own === level && path ? [{ path, message: locale === 'en' ? message : translate(`setup.finding.${code}`, { _: message }) }] : [],
      ),
    [found, locale, translate],
  );
};

const Editor = ({ ui, record }: { ui: PolicyUi; record: PolicyRecord }) => {
  const translate = useTranslate();
  const notify = useNotify();
  const refusal = useRefusalText();
  const access = useAccess();
  const editing = usePolicyEditing(ui.resource, record);
  const [publishing, setPublishing] = useState(false);
  const canEdit = access.can('update', ui.resource);
  const canPublish = access.can('publish', ui.resource);
  useDocumentTitle(editing.name);
  const findings = useFieldFindings(editing.findings);
  const issues = useMemo(() => [...findings('error'), ...editing.issues], [findings, editing.issues]);
  const warnings = useMemo(() => findings('warning'), [findings]);
  const save = async (): Promise<boolean> => {
    const done = !editing.dirty || (await editing.save());
    if (done) notify('setup.policy.saved', { type: 'info' });
    return done;
  };
  return (
    <Box>
      <UnsavedGuard dirty={editing.dirty} />
      <Box
        sx={{
          position: 'sticky',
          top: 0,
          zIndex: 5,
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 1,
          minHeight: 56,
          px: { xs: 1.5, md: 3 },
          py: 1,
          bgcolor: 'background.default',
          borderBottom: 1,
          borderColor: 'divider',
        }}
      >
        <IconButton component={Link} to={`/setup/${ui.slug}`} aria-label={translate(`setup.${ui.words}.title`)}>
          <BackIcon fontSize="small" />
        </IconButton>
        <TextField
          value={editing.name}
          disabled={!canEdit}
          onChange={(event) => editing.setName(event.target.value)}
          slotProps={{ htmlInput: { 'aria-label': translate('setup.kit.name'), maxLength: 200 } }}
          // On a phone the name and the state have a line of their own, and what may be done with it the next one.
          sx={{
            flex: { xs: '1 1 calc(100% - 160px)', md: 1 },
            minWidth: 160,
            maxWidth: { md: 420 },
            '& input': { fontWeight: 650, fontSize: 15 },
          }}
        />
        <PolicyStatus record={record} />
        {/* On a narrow screen they wrap together. */}
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, ml: 'auto', flex: { xs: '1 1 auto', md: 'none' } }}>
          {canEdit && (
            <>
              <Button
                color="inherit"
                disabled={!editing.dirty || editing.busy}
                onClick={editing.discard}
                sx={{ display: { xs: editing.dirty ? undefined : 'none', md: 'inline-flex' } }}
              >
                {translate('setup.kit.discard')}
              </Button>
              <Button
                variant="outlined"
                disabled={!editing.dirty || editing.busy}
                onClick={() => void save()}
                sx={{ flex: { xs: 1, md: 'none' }, whiteSpace: 'nowrap' }}
              >
                {translate('setup.policy.saveDraft')}
              </Button>
            </>
          )}
          {canPublish && (
            <Button
              variant="contained"
              sx={{ flex: { xs: 1, md: 'none' }, whiteSpace: 'nowrap' }}
              disabled={editing.busy || (!editing.dirty && !record.changed && record.state !== 'retired')}
              onClick={() => void (async () => (!editing.dirty || (await editing.save())) && setPublishing(true))()}
            >
              {translate('setup.policy.publishDots')}
            </Button>
          )}
        </Box>
      </Box>
      {record.pendingReview && <PendingNotice />}
      {Boolean(editing.error) && !publishing && (
        <Typography role="alert" variant="body2" color="error" sx={{ px: { xs: 2, md: 3 }, pt: 1 }}>
          {refusal(editing.error)}
        </Typography>
      )}
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: { xs: 'minmax(0,1fr)', lg: 'minmax(0,1fr) 360px' },
          gap: 2,
          p: { xs: 1.5, md: 3 },
          pb: 6,
        }}
      >
        <Box sx={{ minWidth: 0, maxWidth: 900 }}>
          <BodyForm
            body={editing.body}
            onChange={editing.setBody}
            issues={issues}
            warnings={warnings}
            readOnly={!canEdit}
            live={record.state === 'live' ? record.published : null}
          >
            <ui.Form policyKey={record.key} />
          </BodyForm>
        </Box>
        <SidePanel ui={ui} editing={editing} canPublish={canPublish} />
      </Box>
      {publishing && <PublishDialog ui={ui} editing={editing} close={() => setPublishing(false)} />}
    </Box>
  );
};

/** One policy: its form, what the server says about it, and the way to make it live. */
export const PolicyPage = ({ ui }: { ui: PolicyUi }) => {
  const id = Number(useParams().id);
  const { data, error, refetch } = usePolicyRecord(ui.resource, id);
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <PageSkeleton />;
  return <Editor key={data.id} ui={ui} record={data} />;
};
