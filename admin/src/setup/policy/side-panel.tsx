import { Box, Button, Skeleton, Typography } from '@mui/material';
import { useTranslate } from 'ra-core';
import { useState } from 'react';
import { useAccess } from '../../api/session-context';
import { Panel } from '../../common/panel';
import { ErrorState } from '../../common/error-state';
import { When } from '../../common/countdown';
import { Changes } from './changes';
import { Findings } from './findings';
import { RetirePanel } from './retire';
import { RevertDialog } from './revert-dialog';
import { ShadowPanel } from './shadow-panel';
import { useHistory, usePreview, type PolicyEditing } from './use-policy';
import type { HistoryEntry, PolicyUi } from './types';

export const PreviewBox = ({ ui, id, stamp, enabled }: { ui: PolicyUi; id: number; stamp: string | null; enabled: boolean }) => {
  const { data, error, isFetching, refetch } = usePreview(ui.resource, id, stamp, enabled);
  if (!ui.Preview) return null;
  if (error) return <ErrorState dense error={error} retry={() => void refetch()} />;
  if (isFetching && !data) return <Skeleton variant="rounded" height={80} />;
  return data ? <ui.Preview preview={data} id={id} stamp={stamp} /> : null;
};

interface VersionProps {
  ui: PolicyUi;
  entry: HistoryEntry;
  previous?: HistoryEntry;
  editing: PolicyEditing;
  canPublish: boolean;
}

/** One published version: what it changed, and the two ways back to it: at once, or into the draft to be looked at and edited first. */
const Version = ({ ui, entry, previous, editing, canPublish }: VersionProps) => {
  const translate = useTranslate();
  const canEdit = useAccess().can('update', ui.resource);
  const [reverting, setReverting] = useState(false);
  const [open, setOpen] = useState(false);
  const live = entry.number === editing.record.version;
  return (
    <Box sx={{ borderTop: 1, borderColor: 'divider', py: 1, '&:first-of-type': { borderTop: 0, pt: 0 } }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, flexWrap: 'wrap', fontSize: 13 }}>
        <b>{translate('setup.policy.version', { version: entry.number })}</b>
        <Box sx={{ color: 'text.secondary', flex: 1 }}>
          <When at={entry.publishedAt} /> {entry.publishedBy}
          {entry.requestedBy && `, ${translate('setup.review.requestedBy', { name: entry.requestedBy })}`}
        </Box>
        <Button color="inherit" onClick={() => setOpen(!open)} aria-expanded={open}>
          {translate('setup.policy.whatChanged')}
        </Button>
      </Box>
      {entry.note && <Typography variant="body2">{entry.note}</Typography>}
      {open && (
        <Box sx={{ mt: 1 }}>
          <Changes before={previous?.body} after={entry.body} none={translate('setup.policy.noChanges')} />
        </Box>
      )}
      {open && !live && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 1 }}>
          {canPublish && (
            <Button variant="outlined" disabled={editing.busy || editing.dirty} onClick={() => setReverting(true)}>
              {translate('setup.policy.revertDots', { version: entry.number })}
            </Button>
          )}
          {canEdit && (
            <Button color="inherit" disabled={editing.busy || editing.dirty} onClick={() => editing.setBody(() => entry.body)}>
              {translate('setup.policy.intoDraft')}
            </Button>
          )}
        </Box>
      )}
      {reverting && <RevertDialog ui={ui} entry={entry} editing={editing} close={() => setReverting(false)} />}
    </Box>
  );
};

/** Beside the form: what is wrong, who would be affected, what differs from the live version, earlier versions. */
export const SidePanel = ({ ui, editing, canPublish }: { ui: PolicyUi; editing: PolicyEditing; canPublish: boolean }) => {
  const translate = useTranslate();
  const history = useHistory(ui.resource, editing.record.id);
  const { record } = editing;
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: 'minmax(0,1fr)', gap: 2, alignContent: 'start', minWidth: 0 }}>
      <Panel title={translate('setup.policy.check')}>
        <Findings findings={editing.findings} />
        {editing.dirty && (
          <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1 }}>
            {translate('setup.policy.saveToCheck')}
          </Typography>
        )}
      </Panel>
      {ui.Preview && (
        <Panel title={translate('setup.policy.effect')}>
          <PreviewBox ui={ui} id={record.id} stamp={record.draftChangedAt} enabled />
          {editing.dirty && (
            <Typography variant="caption" color="text.secondary" component="div" sx={{ mt: 1 }}>
              {translate('setup.policy.saveToSee')}
            </Typography>
          )}
        </Panel>
      )}
      <ShadowPanel resource={ui.resource} record={record} canPublish={canPublish} dirty={editing.dirty} />
      {ui.Extra && <ui.Extra id={record.id} dirty={editing.dirty} />}
      <Panel title={translate(record.version === null ? 'setup.policy.notLive' : 'setup.policy.differences')}>
        {record.version === null ? (
          <Typography variant="body2" color="text.secondary">
            {translate('setup.policy.notLiveHint')}
          </Typography>
        ) : (
          <Changes before={record.published} after={editing.body} none={translate('setup.policy.noDifferences')} />
        )}
      </Panel>
      {(history.data?.length ?? 0) > 0 && (
        <Panel title={translate('setup.policy.history')}>
          {history.data?.map((entry, index) => (
            <Version key={entry.id} ui={ui} entry={entry} previous={history.data[index + 1]} editing={editing} canPublish={canPublish} />
          ))}
        </Panel>
      )}
      <RetirePanel ui={ui} editing={editing} />
    </Box>
  );
};
