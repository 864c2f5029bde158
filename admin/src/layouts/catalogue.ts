import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';
import type { FieldEntity } from '@leadsea/crm-core/contracts/custom-field';
import type { InputType } from '../leads/page/fields';
import { SECTIONS } from '../leads/page/fields';

/** A field that comes with the product, as a form or a list may show it. */
export interface BuiltIn {
  readonly name: string;
  /** Message key of its name. */
  readonly words: string;
  readonly input: InputType | 'member' | 'date';
  /** Section in which it stands where nobody has laid the form out. */
  readonly section: string;
}

/** The kind of record whose custom fields a resource carries. */
export const ENTITY_OF: Readonly<Record<LayoutResource, FieldEntity>> = {
  leads: 'lead',
  accounts: 'account',
  opportunities: 'opportunity',
  activities: 'activity',
};

const one = (name: string, section: string, input: BuiltIn['input'] = 'text', words = `fields.${name}`): BuiltIn => ({
  name,
  words,
  input,
  section,
});

/** Built-in fields that people write, in the order of a form nobody has laid out. */
export const FORM_FIELDS: Readonly<Record<LayoutResource, readonly BuiltIn[]>> = {
  leads: SECTIONS.flatMap((section) => section.fields.map(({ key, input }) => one(key, section.key, input))),
  accounts: [
    one('name', 'company', 'text', 'fields.company'),
    one('website', 'company', 'url'),
    one('industry', 'company'),
    one('employees', 'company', 'number'),
    one('annualRevenue', 'company', 'number'),
    one('phone', 'company', 'tel'),
    one('country', 'place'),
    one('province', 'place'),
    one('city', 'place'),
    one('owner', 'custom', 'member'),
  ],
  opportunities: [
    one('name', 'deal', 'text', 'opp.name'),
    one('amount', 'deal', 'number', 'opp.amount'),
    one('currency', 'deal', 'text', 'opp.currency'),
    one('probability', 'deal', 'number', 'opp.probability'),
    one('expectedAt', 'deal', 'date', 'opp.expected'),
    one('owner', 'deal', 'member'),
  ],
  activities: [],
};

/** Columns of the opportunities' and the accounts' lists; those of leads are in `leads/list/columns`. */
export const DEAL_COLUMNS = [
  ...['name', 'state', 'amount', 'probability', 'expectedAt'],
  ...['closedAt', 'owner', 'account', 'reason', 'createdAt'],
] as const;
export const ACCOUNT_COLUMNS = [
  ...['name', 'industry', 'leads', 'employees', 'website', 'phone'],
  ...['city', 'province', 'country', 'owner', 'team'],
] as const;
