import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState } from 'react';
import type { ConsoleProvider } from '../api/data-provider';
import { useAccess } from '../api/session-context';
import { FormDialog } from '../common/form-dialog';
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
  const changed = useLeadsChanged();
  const sections = useFormSections('opportunities');
  const custom = useCustomFields('opportunities');
  const [before] = useState<Record<string, unknown>>(() => ({
    ...Object.fromEntries(FORM_FIELDS.opportunities.map(({ name }) => [name, deal[name as keyof Opportunity] ?? ''])),
    ...Object.fromEntries(custom.map(({ key }) => [`custom.${key}`, deal.custom?.[key] ?? ''])),
  }));
  const [draft, setDraft] = useState(before);
  const submit = async (): Promise<void> => {
    const changes = changesOf(before, draft);
    if (!changes) return onClose();
    await provider.update('opportunities', { id: deal.id, data: changes, previousData: deal });
    changed();
    notify('opp.saved', { type: 'info' });
    onClose();
  };
  return (
    <FormDialog title={deal.name} width="sm" tall submit={translate('ra.action.save')} close={onClose} run={submit}>
      <RecordFields
        resource="opportunities"
        sections={sections}
        draft={draft}
        onChange={setDraft}
        writable={(name) => access.field('opportunities', name) === 'write' && !deal._masked?.includes(name)}
        valueOf={{ now: factsOf('opportunity', draft, deal), saved: factsOf('opportunity', {}, deal) }}
      />
    </FormDialog>
  );
};
