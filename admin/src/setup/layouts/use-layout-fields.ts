import type { FieldAccess, RoleSpec } from '@leadsea/crm-core/contracts/access';
import type { FormLayout, LayoutResource, LayoutView, ListLayout } from '@leadsea/crm-core/contracts/layout';
import { useTranslate } from 'ra-core';
import { useMemo } from 'react';
import type { LocalisedText } from '../../api/types';
import { useText } from '../../common/text';
import { ACTIVITY_COLUMNS, ACTIVITY_WORDS, USUAL_ACTIVITY_COLUMNS } from '../../activities/types';
import { ACCOUNT_COLUMNS, DEAL_COLUMNS, FORM_FIELDS } from '../../layouts/catalogue';
import { formSections } from '../../layouts/sections';
import { useCustomFields } from '../../layouts/use-sections';
import { DEFAULT_COLUMNS, PLAIN_COLUMNS } from '../../leads/list/columns';

const LISTS: Readonly<Record<LayoutResource, readonly string[]>> = {
  leads: PLAIN_COLUMNS,
  accounts: ACCOUNT_COLUMNS,
  opportunities: DEAL_COLUMNS,
  activities: ACTIVITY_COLUMNS,
};
const USUAL_LIST: Readonly<Record<LayoutResource, readonly string[]>> = {
  leads: DEFAULT_COLUMNS,
  accounts: ['name', 'industry', 'leads', 'employees', 'city', 'country', 'owner'],
  opportunities: ['name', 'state', 'amount', 'probability', 'expectedAt', 'closedAt', 'owner'],
  activities: USUAL_ACTIVITY_COLUMNS,
};

export const VIEWS_OF: Readonly<Record<LayoutResource, readonly LayoutView[]>> = {
  leads: ['form', 'list'],
  accounts: ['form', 'list'],
  opportunities: ['form', 'list'],
  activities: ['form', 'list'],
};

/** Both languages at once: a layout is read by people of both. */
const SECTION_LABELS: Readonly<Record<string, LocalisedText>> = {
  person: { zh: '联系人', en: 'Person' },
  company: { zh: '公司', en: 'Company' },
  place: { zh: '地址', en: 'Address' },
  origin: { zh: '来源', en: 'Origin' },
  custom: { zh: '其他', en: 'More' },
  qualification: { zh: '资格', en: 'Qualification' },
  deal: { zh: '商机', en: 'Opportunity' },
};

export interface LayoutFields {
  /** Everything that can be placed, in the usual order. */
  readonly names: readonly string[];
  readonly required: ReadonlySet<string>;
  label(name: string): string;
  /** The layout that says what is shown when there is none. */
  readonly usual: FormLayout | ListLayout;
}

/** Message keys of fields that have another name than `fields.<name>`. */
export const FIELD_WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  leads: {},
  accounts: { name: 'fields.company', leads: 'menu.leads' },
  opportunities: {
    name: 'opp.name',
    state: 'opp.state',
    amount: 'opp.amount',
    probability: 'opp.probability',
    currency: 'opp.currency',
    expectedAt: 'opp.expected',
    closedAt: 'opp.closed',
    account: 'opp.account',
    reason: 'opp.reason',
  },
  activities: ACTIVITY_WORDS,
};

/** What can be laid out of a kind of record, and how it looks while nobody has. */
export const useLayoutFields = (resource: LayoutResource, view: LayoutView): LayoutFields => {
  const translate = useTranslate();
  const text = useText();
  const custom = useCustomFields(resource);
  return useMemo(() => {
    const builtIn = FORM_FIELDS[resource];
    const own = custom.map((field) => `custom.${field.key}`);
    const names = view === 'form' ? [...builtIn.map(({ name }) => name), ...own] : [...LISTS[resource], ...own];
    const label = (name: string): string => {
      const field = custom.find((one) => `custom.${one.key}` === name);
      if (field) return text(field.label) || field.key;
      return translate(FIELD_WORDS[resource]?.[name] ?? `fields.${name}`, { _: name });
    };
    const usual: FormLayout | ListLayout =
      view === 'list'
        ? { columns: USUAL_LIST[resource].map((field) => ({ field })) }
        : {
            sections: formSections(undefined, builtIn, custom, () => true).map(({ key, fields }) => ({
              key,
              label: SECTION_LABELS[key] ?? { zh: key, en: key },
              fields: fields.map(({ name }) => name),
            })),
          };
    const required = new Set(
      view === 'list' ? [] : custom.filter((field) => field.required && !field.visibleWhen).map((field) => `custom.${field.key}`),
    );
    return { names, required, label, usual };
  }, [resource, view, custom, translate, text]);
};

/** What one role may do with a field; everybody (null) stands for somebody who may do all. */
export const accessOf = (role: Pick<RoleSpec, 'fields'> | null, resource: LayoutResource, name: string): FieldAccess =>
  role ? (role.fields[resource]?.[name] ?? role.fields[resource]?.['*'] ?? 'hidden') : 'write';
