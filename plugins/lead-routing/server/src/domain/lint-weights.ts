import type { LintFinding } from '@leadsea/crm-core';
import { CAPACITY_DECIMALS, WEIGHT_DECIMALS, type Destination, type RoutingPolicy } from '../../../contracts';
import { hasDecimals } from './weight';

const error = (code: string, message: string, path: string): LintFinding => ({ level: 'error', code, message, path });

type Group = Extract<Destination, { kind: 'group' }>;

/** weights are counted as they were entered; finer ones than are kept are refused instead of rounded. */
export const groupWeightFindings = ({ members }: Group, path: string): LintFinding[] =>
  members.flatMap(({ weight }, index) =>
    hasDecimals(weight, WEIGHT_DECIMALS)
      ? []
      : [
          error(
            'WEIGHT_TOO_FINE',
            `A weight has at most ${WEIGHT_DECIMALS} decimals, not ${weight}. Only the ratio counts: for a third of the other, enter 1 and 3.`,
            `${path}.members[${index}].weight`,
          ),
        ],
  );

/** what a lead counts as is added up in hundredths; finer numbers would be rounded. */
export function capacityWeightFindings({ capacity }: Pick<RoutingPolicy, 'capacity'>): LintFinding[] {
  const finding = (value: number, path: string): LintFinding[] =>
    hasDecimals(value, CAPACITY_DECIMALS)
      ? []
      : [error('COUNT_TOO_FINE', `A lead counts as a number with at most ${CAPACITY_DECIMALS} decimals, not ${value}.`, path)];
  return [
    ...capacity.weights.flatMap(({ weight }, index) => finding(weight, `capacity.weights[${index}].weight`)),
    ...finding(capacity.pausedWeight, 'capacity.pausedWeight'),
  ];
}
