import { Button, Dialog, DialogActions, DialogContent, DialogTitle, useMediaQuery } from '@mui/material';
import type { Theme } from '@mui/material/styles';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState, type FormEvent } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useRefusalText } from '../api/errors';
import { useAccess } from '../api/session-context';
import { FORM_FIELDS } from '../layouts/catalogue';
import { factsOf } from '../layouts/facts-of';
import { RecordFields } from '../layouts/record-fields';
import { useCustomFields, useFormSections } from '../layouts/use-sections';
import { useLeadsChanged } from '../leads/leads-changed';
import { changesOf } from '../leads/page/fields';
import type { Opportunity } from './types';

/** Changes an opportunity, by the form laid out for this member. */
export const OpportunityDialog = ({ deal, onClose }: { deal: Opportunity; onClose: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'));
  const sections = useFormSections('opportunities');
  const custom = useCustomFields('opportunities');
  const [before] = useState<Record<string, unknown>>(() => ({
    ...Object.fromEntries(FORM_FIELDS.opportunities.map(({ name }) => [name, deal[name as keyof Opportunity] ?? ''])),
    ...Object.fromEntries(custom.map(({ key }) => [`custom.${key}`, deal.custom?.[key] ?? ''])),
  }));
  const [draft, setDraft] = useState(before);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const changes = changesOf(before, draft);
    if (!changes) return onClose();
    setBusy(true);
    try {
      await provider.update('opportunities', { id: deal.id, data: changes, previousData: deal });
      changed();
      notify('opp.saved', { type: 'info' });
      onClose();
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
      setBusy(false);
    }
  };
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" fullScreen={narrow}>
      <form onSubmit={(event) => void submit(event)}>
        <DialogTitle>{deal.name}</DialogTitle>
        <DialogContent>
          <RecordFields
            resource="opportunities"
            sections={sections}
            draft={draft}
            onChange={setDraft}
            writable={(name) => access.field('opportunities', name) === 'write' && !deal._masked?.includes(name)}
            valueOf={{ now: factsOf('opportunity', draft, deal), saved: factsOf('opportunity', {}, deal) }}
          />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={onClose}>
            {translate('ra.action.cancel')}
          </Button>
          <Button type="submit" variant="contained" disabled={busy}>
            {translate('ra.action.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
