export interface Campaign {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly channel: string | null;
  readonly source: string | null;
  readonly state: 'planned' | 'running' | 'ended';
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly budget: number | string | null;
  readonly cost: number | string | null;
  readonly currency: string | null;
  readonly owner: number | null;
  readonly note: string | null;
  readonly results: {
    readonly leads: number;
    readonly qualified: number;
    readonly won: number;
    readonly revenue: number;
    readonly perLead: number | null;
    readonly perQualified: number | null;
    readonly perWon: number | null;
    /** The key as leads spell it. */
    readonly spellings: readonly string[];
    readonly qualifiedStages: readonly string[];
    readonly wonStages: readonly string[];
  };
}
export interface Unassigned {
  readonly none: number;
  readonly unknown: readonly { readonly key: string; readonly leads: number }[];
}

/** Values as the form holds them; `''` and undefined are sent as null. */
export type CampaignBody = Omit<Campaign, 'id' | 'results' | 'budget' | 'cost'> & {
  readonly budget?: number | null;
  readonly cost?: number | null;
};

const amount = (value: number | string | null): number | null => (value === null || value === '' ? null : Number(value));

export const bodyOf = (campaign: Campaign | null, key = '', currency: string | null = null): CampaignBody => ({
  key: campaign?.key ?? key,
  name: campaign?.name ?? key,
  channel: campaign?.channel ?? null,
  source: campaign?.source ?? null,
  state: campaign?.state ?? 'running',
  startsOn: campaign?.startsOn?.slice(0, 10) ?? null,
  endsOn: campaign?.endsOn?.slice(0, 10) ?? null,
  budget: amount(campaign?.budget ?? null),
  cost: amount(campaign?.cost ?? null),
  currency: campaign ? campaign.currency : currency,
  owner: campaign?.owner ?? null,
  note: campaign?.note ?? null,
});

export const toSend = (body: CampaignBody): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries({ budget: null, cost: null, ...body }).map(([name, value]) => [
      name,
      value === '' || value === undefined ? null : value,
    ]),
  );
