import type { Destination } from '@leadsea/lead-routing/contracts/destination';

export const DESTINATION_KEYS = [
  'team',
  'group',
  'role',
  'member',
  'account-owner',
  'previous-owner',
  'pool',
  'table',
  'webhook',
  'hold',
] as const satisfies readonly Destination['kind'][];

/** A destination of a kind, pointing to the first that is there. */
export const blankDestination = (kind: Destination['kind'], first: { team?: string; role?: string; pool?: string }): Destination => {
  switch (kind) {
    case 'member':
      return { kind };
    case 'group':
      return { kind, members: [] };
    case 'team':
      return { kind, key: first.team ?? '' };
    case 'role':
      return { kind, key: first.role ?? '' };
    case 'pool':
      return { kind, key: first.pool ?? '' };
    case 'account-owner':
      return { kind };
    case 'previous-owner':
      return { kind, days: 90 };
    case 'table':
      return { kind, columns: [], hit: 'first', rows: [] };
    case 'webhook':
      return { kind, url: 'https://', timeoutMs: 3000, fallback: { kind: 'pool', key: first.pool ?? '' } };
    case 'custom':
      return { kind, type: '', params: {} };
    case 'hold':
      return { kind, seconds: 1800 };
  }
};
