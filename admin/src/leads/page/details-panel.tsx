import EditIcon from '@mui/icons-material/EditOutlined';
import { Box, Button, Typography } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import type { Lead } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { plain } from '../../common/plain';
import { Panel } from '../../common/panel';
import { useText, useLocaleCode } from '../../common/text';
import { useTime } from '../../common/time';
import { showCode, showCustom, showMoney, showNumber } from '../../common/values';
import { conditionState } from '../../layouts/condition-state';
import { factsOf } from '../../layouts/facts-of';
import { RecordFields } from '../../layouts/record-fields';
import { SectionBox } from '../../layouts/section-box';
import type { FormField } from '../../layouts/sections';
import { useFieldWords, useFormSections, useIsLaidOut } from '../../layouts/use-sections';
import { useLeadsChanged } from '../use-lead-verbs';
import { changesOf, draftOf } from './fields';

/** Shown by the contact panel, or with another field. */
const ELSEWHERE = new Set(['email', 'phone', 'wechat', 'currency']);

const Value = ({ label, children }: { label: string; children: ReactNode }) => (
  <Box sx={{ minWidth: 0, py: 0.5 }}>
    <Typography variant="caption" color="text.secondary" component="div">
      {label}
    </Typography>
    <Typography variant="body2" component="div" sx={{ overflowWrap: 'anywhere', minHeight: 19 }}>
      {children}
    </Typography>
  </Box>
);

const NONE = '–';

/** What the lead's page says of one field. */
const useShown = (lead: Lead): ((field: FormField) => string) => {
  const lookups = useLookups();
  const text = useText();
  const locale = useLocaleCode();
  const time = useTime();
  return (field) => {
    if ('custom' in field) return showCustom(field.custom, lead.custom?.[field.custom.key], { locale, time, text, member: lookups.member });
    switch (field.name) {
      case 'employees':
        return showNumber(lead.employees, locale);
      case 'annualRevenue':
        return showMoney(lead.annualRevenue, lead.currency, locale);
      case 'country':
        return showCode(lead.country, 'region', locale);
      case 'language':
        return showCode(lead.language, 'language', locale);
      case 'source':
        return lookups.source(lead.source);
      default:
        return plain(lead[field.name as keyof Lead]);
    }
  };
};

const ReadView = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const sections = useFormSections('leads');
  const laidOut = useIsLaidOut('leads');
  const words = useFieldWords();
  const show = useShown(lead);
  const facts = factsOf('lead', {}, lead);
  const [empty, setEmpty] = useState(false);
  const applies = (field: FormField): boolean =>
    !ELSEWHERE.has(field.name) && (!('custom' in field) || conditionState(field.custom.visibleWhen, facts) !== false);
  /** Empty fields stay out of the way until somebody lays the form out and asks for them. */
  const isShown = (field: FormField): boolean => applies(field) && (laidOut || show(field) !== '' || (empty && 'custom' in field));
  const unknown = laidOut
    ? 0
    : sections.flatMap(({ fields }) => fields).filter((field) => 'custom' in field && applies(field) && show(field) === '').length;
  return (
    <>
      {sections.map((section) => {
        const fields = section.fields.filter(isShown);
        return fields.length === 0 ? null : (
          <SectionBox key={section.key} title={words.heading(section)} columns={section.columns} collapsed={section.collapsed} dense>
            {fields.map((field) => (
              <Value key={field.name} label={words.label(field)}>
                {show(field) || NONE}
              </Value>
            ))}
          </SectionBox>
        );
      })}
      {unknown > 0 && (
        <Button
          size="small"
          color="inherit"
          onClick={() => setEmpty(!empty)}
          aria-expanded={empty}
          sx={{ mt: 1, ml: -0.5, color: 'text.secondary' }}
        >
          {translate(empty ? 'leadTools.hideEmpty' : 'leadTools.showEmpty', { smart_count: unknown })}
        </Button>
      )}
    </>
  );
};

const EditForm = ({ lead, onClose }: { lead: Lead; onClose: () => void }) => {
  const translate = useTranslate();
  const access = useAccess();
  const lookups = useLookups();
  const provider = useDataProvider<ConsoleProvider>();
  const notify = useNotify();
  const refusalText = useRefusalText();
  const changed = useLeadsChanged();
  const sections = useFormSections('leads');
  const [before] = useState(() => draftOf(lead, lookups.leadFields));
  const [draft, setDraft] = useState(before);
  const [busy, setBusy] = useState(false);
  const writable = (key: string): boolean => access.field('leads', key) === 'write' && !lead._masked?.includes(key);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const changes = changesOf(before, draft);
    if (!changes) return onClose();
    setBusy(true);
    try {
      await provider.update('leads', { id: lead.id, data: changes, previousData: lead });
      changed();
      onClose();
    } catch (error) {
      notify(refusalText(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box component="form" onSubmit={(event: FormEvent) => void submit(event)}>
      <RecordFields
        resource="leads"
        sections={sections}
        draft={draft}
        onChange={setDraft}
        writable={writable}
        valueOf={{ now: factsOf('lead', draft, lead), saved: factsOf('lead', {}, lead) }}
      />
      <Box sx={{ display: 'flex', justifyContent: 'flex-end', gap: 1, mt: 2 }}>
        <Button color="inherit" onClick={onClose}>
          {translate('ra.action.cancel')}
        </Button>
        <Button type="submit" variant="contained" disabled={busy}>
          {translate('ra.action.save')}
        </Button>
      </Box>
    </Box>
  );
};

/** Everything known about the person and the company; editable where the role says so. */
export const DetailsPanel = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const [editing, setEditing] = useState(false);
  const canEdit = lead.quarantine !== 'erased' && access.can('update', 'leads', lead);
  return (
    <Panel
      title={translate('leadPage.details')}
      actions={
        canEdit &&
        !editing && (
          <Button startIcon={<EditIcon />} onClick={() => setEditing(true)}>
            {translate('ra.action.edit')}
          </Button>
        )
      }
    >
      {editing ? <EditForm lead={lead} onClose={() => setEditing(false)} /> : <ReadView lead={lead} />}
    </Panel>
  );
};
