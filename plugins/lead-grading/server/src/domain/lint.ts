import type { LintFinding } from '@leadsea/crm-core';
import { GRADES } from '../../../contracts';
import type { GradingModel, RuleGroup } from '../../../contracts';
import { findDecayKind } from './custom-decay';
import { branchesOf, fitScore } from './fit';
import { durationMs } from './window';

const error = (code: string, message: string, path: string): LintFinding => ({ level: 'error', code, message, path });
const warning = (code: string, message: string, path: string): LintFinding => ({ level: 'warning', code, message, path });

const repeated = (keys: readonly string[]): readonly string[] => [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))];

function axisFindings(
  path: string,
  rules: readonly { readonly key: string; readonly group?: string }[],
  groups: readonly RuleGroup[],
): LintFinding[] {
  const known = new Set(groups.map((group) => group.key));
  return [
    ...repeated(rules.map((rule) => rule.key)).map((key) =>
      error('RULE_KEY_TWICE', `The rule key "${key}" is used twice.`, `${path}.rules`),
    ),
    ...repeated(groups.map((group) => group.key)).map((key) =>
      error('GROUP_KEY_TWICE', `The group key "${key}" is used twice.`, `${path}.groups`),
    ),
    ...rules.flatMap((rule, index) =>
      rule.group !== undefined && !known.has(rule.group)
        ? [
            error(
              'GROUP_UNKNOWN',
              `Rule "${rule.key}" belongs to a group "${rule.group}" that does not exist.`,
              `${path}.rules.${index}.group`,
            ),
          ]
        : [],
    ),
    ...groups.flatMap((group, index) =>
      rules.some((rule) => rule.group === group.key)
        ? []
        : [warning('GROUP_EMPTY', `No rule belongs to the group "${group.key}".`, `${path}.groups.${index}`)],
    ),
  ];
}

const descending = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value < (values[index - 1] ?? value));

function thresholdFindings(model: GradingModel): LintFinding[] {
  const { letters, numbers } = model.thresholds;
  const best = fitScore(
    model,
    model.fit.rules.map((rule) => Math.max(0, ...branchesOf(rule).map((branch) => branch.points))),
  );
  return [
    ...(descending([letters.A, letters.B, letters.C])
      ? []
      : [error('LETTERS_ORDER', 'The fit thresholds must fall from A to C.', 'thresholds.letters')]),
    ...(descending([numbers[1], numbers[2], numbers[3]])
      ? []
      : [error('NUMBERS_ORDER', 'The engagement thresholds must fall from 1 to 3.', 'thresholds.numbers')]),
    ...(best < letters.A
      ? [
          warning(
            'A_UNREACHABLE',
            `No lead can reach A: all fit rules together give ${best}, A begins at ${letters.A}.`,
            'thresholds.letters.A',
          ),
        ]
      : []),
    ...(model.engagement.cap < numbers[1]
      ? [
          warning(
            'ONE_UNREACHABLE',
            `No lead can reach 1: engagement ends at ${model.engagement.cap}, 1 begins at ${numbers[1]}.`,
            'thresholds.numbers.1',
          ),
        ]
      : []),
  ];
}

function labelFindings({ labelling }: GradingModel): LintFinding[] {
  if (labelling.by === 'score')
    return labelling.warm < labelling.hot ? [] : [error('LABELS_ORDER', 'Hot must begin above warm.', 'labelling')];
  const missing = GRADES.filter((grade) => labelling.cells[grade] === undefined);
  return missing.length === 0 ? [] : [error('CELLS_MISSING', `The grid says nothing about ${missing.join(', ')}.`, 'labelling.cells')];
}

function intentFindings(model: GradingModel): LintFinding[] {
  const { intent, weights, thresholds } = model;
  return [
    ...(intent ? axisFindings('intent', intent.rules, intent.groups) : []),
    ...(!intent && (weights.intent > 0 || thresholds.numberBy === 'intent')
      ? [error('INTENT_MISSING', 'Intent counts, but the model has no intent rules.', 'intent')]
      : []),
    ...(intent && weights.intent === 0 && thresholds.numberBy !== 'intent'
      ? [warning('INTENT_UNUSED', 'Intent is measured, but neither the score nor the number uses it.', 'weights.intent')]
      : []),
  ];
}

function quantileFindings({ thresholds: { quantile } }: GradingModel): LintFinding[] {
  if (!quantile) return [];
  const rising = (values: readonly number[]): boolean =>
    values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));
  const { letters, numbers } = quantile;
  return rising([letters.A, letters.B, letters.C]) && rising([numbers[1], numbers[2], numbers[3]])
    ? []
    : [error('SHARES_ORDER', 'The shares must rise from A to C and from 1 to 3.', 'thresholds.quantile')];
}

function behaviourFindings(model: GradingModel): LintFinding[] {
  const { rules, decay } = model.engagement;
  return [
    ...rules.flatMap((rule, index) =>
      typeof rule.repeat === 'object' && (durationMs(rule.repeat.within) ?? 0) <= 0
        ? [error('WINDOW_EMPTY', `The window of rule "${rule.key}" has no length.`, `engagement.rules.${index}.repeat`)]
        : [],
    ),
    ...rules.flatMap((rule, index) =>
      rule.points === 0 ? [warning('RULE_WITHOUT_POINTS', `Rule "${rule.key}" gives no points.`, `engagement.rules.${index}.points`)] : [],
    ),
    ...(decay.type !== 'half-life' && decay.type !== 'none'
      ? [
          warning(
            'DECAY_NOT_FORWARD',
            'With this decay every step is a refresh of the stored score; half-life keeps the order of leads without one.',
            'engagement.decay',
          ),
        ]
      : []),
  ];
}

/** A decay an implementer registers must be there, with numbers it can work with. */
function decayFindings({ engagement: { decay } }: GradingModel): LintFinding[] {
  if (decay.type !== 'custom') return [];
  const kind = findDecayKind(decay.kind);
  if (!kind)
    return [error('DECAY_UNKNOWN', `There is no decay "${decay.kind}"; the plugin that brings it is not installed.`, 'engagement.decay')];
  return kind.params.flatMap(({ key, min, max }) => {
    const value = decay.params[key];
    return value !== undefined && (value < min || value > max)
      ? [error('DECAY_PARAM', `"${key}" of the decay must be from ${min} to ${max}.`, `engagement.decay.params.${key}`)]
      : [];
  });
}

function productFindings({ products }: GradingModel): LintFinding[] {
  if (!products) return [];
  const { list, overall } = products;
  return [
    ...repeated(list.map((product) => product.key)).map((key) =>
      error('PRODUCT_TWICE', `The product "${key}" is named twice.`, 'products.list'),
    ),
    ...list.flatMap((product, index) => axisFindings(`products.list.${index}`, product.rules, [])),
    ...(overall === 'weighted' && list.every((product) => product.weight === 0)
      ? [error('PRODUCT_WEIGHTS_ZERO', 'At least one product must have a weight.', 'products.list')]
      : []),
  ];
}

/** What is wrong or doubtful with a model beyond its schema; conditions are checked by the compiler beside this. */
export const lintModel = (model: GradingModel): readonly LintFinding[] => [
  ...axisFindings('fit', model.fit.rules, model.fit.groups),
  ...axisFindings('engagement', model.engagement.rules, model.engagement.groups),
  ...behaviourFindings(model),
  ...decayFindings(model),
  ...intentFindings(model),
  ...productFindings(model),
  ...quantileFindings(model),
  ...thresholdFindings(model),
  ...labelFindings(model),
  ...(model.weights.fit + model.weights.engagement + model.weights.intent === 0
    ? [error('WEIGHTS_ZERO', 'At least one axis must have a weight.', 'weights')]
    : []),
];
