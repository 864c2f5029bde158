import { TextField } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';
import { FormDialog } from '../common/form-dialog';
import { useLookups } from '../common/lookups';
import { factsOf } from '../layouts/facts-of';
import { RecordFields } from '../layouts/record-fields';
import { useCustomFields, useFormSections } from '../layouts/use-sections';
import { useLeadsChanged } from '../leads/leads-changed';
import { changesOf } from '../leads/page/fields';
import type { Activity } from './types';

const WORDING = ['subject', 'note'] as const;

/** Corrects the wording and the company's own fields of a follow-up; only what was changed is sent. */
export const CorrectDialog = ({ activity, close }: { activity: Activity; close: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const lookups = useLookups();
  const changed = useLeadsChanged();
  const sections = useFormSections('activities');
  const custom = useCustomFields('activities');
  const [before] = useState<Record<string, unknown>>(() => ({
    ...Object.fromEntries(WORDING.map((name) => [name, activity[name] ?? ''])),
    ...Object.fromEntries(custom.map(({ key }) => [`custom.${key}`, activity.custom?.[key] ?? ''])),
  }));
  const [draft, setDraft] = useState(before);
  const changes = changesOf(before, draft);
  const save = async (): Promise<void> => {
    if (!changes) return;
    await provider.update('activities', { id: activity.id, data: changes, previousData: activity });
    changed();
    notify('activity.saved', { type: 'info' });
    close();
  };
  return (
    <FormDialog
      tall
      width="sm"
      title={translate('activity.correct', { kind: lookups.activityKind(activity.kind) })}
      hint={translate('activity.correctHint')}
      submit={translate('ra.action.save')}
      ready={changes !== null}
      close={close}
      run={save}
    >
      {WORDING.filter((name) => access.field('activities', name) === 'write').map((name) => (
        <TextField
          key={name}
          label={translate(`activity.${name}`)}
          value={draft[name]}
          onChange={(event) => setDraft({ ...draft, [name]: event.target.value })}
          multiline={name === 'note'}
          minRows={name === 'note' ? 2 : undefined}
        />
      ))}
      {sections.length > 0 && (
        <RecordFields
          resource="activities"
          sections={sections}
          draft={draft}
          onChange={setDraft}
          writable={(name) => access.field('activities', name) === 'write'}
          valueOf={{ now: factsOf('activity', draft, activity), saved: factsOf('activity', {}, activity) }}
        />
      )}
    </FormDialog>
  );
};
