import EditIcon from '@mui/icons-material/EditOutlined';
import { Box, Button, TextField, Typography } from '@mui/material';
import { useDataProvider, useNotify, useTranslate } from 'ra-core';
import { useState, type FormEvent, type ReactNode } from 'react';
import type { ConsoleProvider } from '../../api/data-provider';
import { useRefusalText } from '../../api/errors';
import { useAccess } from '../../api/session-context';
import type { CustomField, Lead } from '../../api/types';
import { useLookups } from '../../common/lookups';
import { plain } from '../../common/plain';
import { Panel } from '../../common/panel';
import { useText, useLocaleCode } from '../../common/text';
import { useTime } from '../../common/time';
import { showCustom, showMoney, showNumber } from '../../common/values';
import { isVisible } from '../../common/visible-when';
import { useLeadsChanged } from '../use-lead-verbs';
import { CustomInput } from './custom-input';
import { changesOf, draftOf, SECTIONS, type Draft, type PlainField } from './fields';

/** Shown by the contact panel, or with another field. */
const ELSEWHERE = new Set(['email', 'phone', 'wechat', 'currency']);

const GRID = { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(136px, 1fr))', columnGap: 2 } as const;

const Heading = ({ children }: { children: ReactNode }) => (
  <Typography variant="subtitle2" sx={{ mt: 1.5, mb: 0.5 }}>
    {children}
  </Typography>
);

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

/** Custom fields by section, those that the lead's own values make visible. */
const useCustomSections = (values: Draft): [string, CustomField[]][] => {
  const access = useAccess();
  const { leadFields } = useLookups();
  const valueOf = (fact: string): unknown => values[fact.replace(/^lead\./, '')];
  const sections = new Map<string, CustomField[]>();
  for (const field of leadFields) {
    if (access.field('leads', `custom.${field.key}`) === 'hidden' || !isVisible(field.visibleWhen, valueOf)) continue;
    sections.set(field.section, [...(sections.get(field.section) ?? []), field]);
  }
  return [...sections];
};

const ReadView = ({ lead }: { lead: Lead }) => {
  const translate = useTranslate();
  const access = useAccess();
  const lookups = useLookups();
  const text = useText();
  const locale = useLocaleCode();
  const time = useTime();
  const customSections = useCustomSections(draftOf(lead, lookups.leadFields));
  const [empty, setEmpty] = useState(false);
  const shown = (field: CustomField): string => showCustom(field, lead.custom?.[field.key], { locale, time, text, member: lookups.member });
  const unknown = customSections.flatMap(([, fields]) => fields).filter((field) => shown(field) === '').length;
  const show = ({ key }: PlainField): ReactNode => {
    if (key === 'employees') return showNumber(lead.employees, locale);
    if (key === 'annualRevenue') return showMoney(lead.annualRevenue, lead.currency, locale);
    if (key === 'source') return lookups.source(lead.source);
    return plain(lead[key]);
  };
  const filled = (field: PlainField): boolean =>
    access.field('leads', field.key) !== 'hidden' &&
    !ELSEWHERE.has(field.key) &&
    lead[field.key] !== null &&
    lead[field.key] !== undefined &&
    lead[field.key] !== '';
  return (
    <>
      {SECTIONS.map((section) => {
        const fields = section.fields.filter(filled);
        if (fields.length === 0) return null;
        return (
          <Box key={section.key}>
            <Heading>{translate(`sections.${section.key}`)}</Heading>
            <Box sx={GRID}>
              {fields.map((field) => (
                <Value key={field.key} label={translate(`fields.${field.key}`)}>
                  {show(field)}
                </Value>
              ))}
            </Box>
          </Box>
        );
      })}
      {customSections.map(([section, all]) => {
        const fields = empty ? all : all.filter((field) => shown(field) !== '');
        if (fields.length === 0) return null;
        return (
          <Box key={section}>
            <Heading>{translate(`sections.${section || 'custom'}`, { _: section })}</Heading>
            <Box sx={GRID}>
              {fields.map((field) => (
                <Value key={field.key} label={text(field.label) || field.key}>
                  {shown(field) || '–'}
                </Value>
              ))}
            </Box>
          </Box>
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
  const [before] = useState(() => draftOf(lead, lookups.leadFields));
  const [draft, setDraft] = useState(before);
  const [busy, setBusy] = useState(false);
  const customSections = useCustomSections(draft);
  const set = (key: string, value: unknown): void => setDraft((current) => ({ ...current, [key]: value }));
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
  const plain = ({ key, input }: PlainField) => (
    <TextField
      key={key}
      fullWidth
      label={translate(`fields.${key}`)}
      type={input === 'number' ? 'number' : input === 'area' ? 'text' : input}
      multiline={input === 'area'}
      value={draft[key] ?? ''}
      onChange={(event) => set(key, input === 'number' && event.target.value !== '' ? Number(event.target.value) : event.target.value)}
    />
  );
  return (
    <Box component="form" onSubmit={(event: FormEvent) => void submit(event)}>
      {SECTIONS.map((section) => {
        const fields = section.fields.filter((field) => writable(field.key));
        if (fields.length === 0) return null;
        return (
          <Box key={section.key}>
            <Heading>{translate(`sections.${section.key}`)}</Heading>
            <Box sx={{ ...GRID, rowGap: 1.5, pt: 0.5 }}>{fields.map(plain)}</Box>
          </Box>
        );
      })}
      {customSections.map(([section, fields]) => (
        <Box key={section}>
          <Heading>{translate(`sections.${section || 'custom'}`, { _: section })}</Heading>
          <Box sx={{ ...GRID, rowGap: 1.5, pt: 0.5 }}>
            {fields
              .filter((field) => writable(`custom.${field.key}`))
              .map((field) => (
                <CustomInput
                  key={field.key}
                  field={field}
                  value={draft[`custom.${field.key}`]}
                  onChange={(value) => set(`custom.${field.key}`, value)}
                />
              ))}
          </Box>
        </Box>
      ))}
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
  const canEdit = access.can('update', 'leads', lead);
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
