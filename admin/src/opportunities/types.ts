export type OpportunityState = 'open' | 'won' | 'lost' | 'cancelled';

export interface Opportunity {
  id: number;
  name: string;
  lead: number | null;
  account: number | null;
  owner: number | null;
  amount: number | string | null;
  currency: string | null;
  /** In whole per cent. */
  probability?: number | null;
  state: OpportunityState;
  reason: string | null;
  expectedAt: string | null;
  closedAt: string | null;
  createdAt: string;
  /** Deadlines of the lead it came from, as they stood when it became a deal. */
  promises?: { met: number; missed: number } | null;
  custom?: Record<string, unknown> | null;
  _masked?: string[];
}

export const STATE_TONE: Record<OpportunityState, string> = { open: 'info', won: 'success', lost: 'danger', cancelled: 'neutral' };
