import type { RoutingPolicyInput } from './policy';

export interface RoutingTemplateOptions {
  /** Members with their weights, by e-mail. */
  readonly desk: readonly { readonly member: string; readonly weight: number }[];
  /** Team for the hot leads. */
  readonly team: string;
  /** Pool that takes the rest. */
  readonly pool: string;
  /** Pool for cold leads; the same one when left out. */
  readonly coldPool?: string;
}

/** A policy to start from: hot leads to people on shift, warm ones shared by weight, cold ones to a pool. */
export const routingTemplate = ({ desk, team, pool, coldPool }: RoutingTemplateOptions): RoutingPolicyInput => ({
  description: '',
  sticky: { duplicateOwner: true, accountOwner: true, previousOwnerDays: 30 },
  rules: [
    {
      key: 'hot-now',
      label: { zh: '热线索：在班团队', en: 'Hot: the team on shift' },
      when: { combinator: 'and', rules: [{ field: 'lead.label', operator: '=', value: 'hot' }] },
      destination: { kind: 'team', key: team },
      ranking: 'most-free-capacity',
      filters: { capacity: true, workingHours: { withinSeconds: 57_600 } },
      onEmpty: 'next',
    },
    {
      key: 'warm-desk',
      label: { zh: '温线索：按权重轮流', en: 'Warm: shared by weight' },
      when: { combinator: 'and', rules: [{ field: 'lead.label', operator: 'in', value: ['hot', 'warm'] }] },
      destination: { kind: 'group', members: desk.map(({ member, weight }) => ({ member, weight })) },
      ranking: 'weighted',
      filters: { capacity: true, workingHours: 'ignore' },
      periodCap: { per: 'day', max: 30 },
      onEmpty: { pool },
    },
    {
      key: 'cold',
      label: { zh: '冷线索：公海', en: 'Cold: the pool' },
      when: { combinator: 'and', rules: [{ field: 'lead.label', operator: '=', value: 'cold' }] },
      destination: { kind: 'pool', key: coldPool ?? pool },
    },
  ],
  otherwise: { kind: 'pool', key: pool },
});
