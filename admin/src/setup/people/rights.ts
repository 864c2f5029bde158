import type { LayoutResource } from '@leadsea/crm-core/contracts/layout';
import { ACCOUNT_COLUMNS, DEAL_COLUMNS } from '../../layouts/catalogue';

const BASE = ['read', 'create', 'update', 'delete', 'export'] as const;
const POLICY = [...BASE, 'publish', 'approve', 'simulate'] as const;
const READ = ['read'] as const;

/** Which verbs there are to allow, in the order they are shown. Resources a role names beside these are shown too. */
export const VERBS: Readonly<Record<string, readonly string[]>> = {
  leads: [
    ...[...BASE, 'import', 'log', 'claim', 'release', 'assign', 'transfer', 'recycle', 'merge'],
    ...['reveal', 'revealPool', 'overrideLimit', 'pause', 'erase'],
  ],
  accounts: [...BASE, 'import', 'merge'],
  opportunities: ['read', 'update', 'export', 'import'],
  activities: ['read', 'update', 'export', 'import'],
  engagements: READ,
  tasks: ['read', 'update'],
  'sla-clocks': ['read', 'pause', 'dispute', 'waive'],
  'sla-disputes': ['read', 'decide'],
  'sla-hand-offs': ['read', 'accept', 'reject', 'reply'],
  'sla-obligations': READ,
  imports: ['read', 'create', 'update'],
  sources: ['read', 'create', 'update'],
  captures: READ,
  pools: POLICY,
  'grading-models': POLICY,
  'routing-policies': POLICY,
  'sla-contracts': [...POLICY, 'sign'],
  calendars: POLICY,
  lifecycles: POLICY,
  fields: BASE,
  layouts: BASE,
  members: [...BASE, 'receive'],
  teams: BASE,
  roles: BASE,
  leaves: ['read', 'create', 'update', 'delete'],
  'notice-settings': ['read', 'update'],
  'chat-bots': BASE,
  deliveries: ['read', 'update'],
  config: ['read', 'update'],
  audit: ['read', 'export'],
  erasures: READ,
  events: READ,
  decisions: READ,
  jobs: READ,
  notifications: READ,
  'saved-views': ['read', 'create', 'update', 'delete'],
  'shared-views': READ,
};

/** Built-in fields of the kinds of record whose fields a role may see in part; the company's own are added. */
export const FIELDS: Readonly<Record<Exclude<LayoutResource, 'leads'>, readonly string[]>> = {
  accounts: ACCOUNT_COLUMNS,
  opportunities: [...DEAL_COLUMNS, 'currency'],
  activities: ['kind', 'direction', 'outcome', 'subject', 'note', 'durationSeconds', 'occurredAt'],
};
