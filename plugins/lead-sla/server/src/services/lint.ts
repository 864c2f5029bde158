import { calendarTime, type Condition, type Kit, type LintFinding } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE, type Lifecycle } from '@leadsea/leads';
import type { Contract } from '../../../contracts';
import { lintAgreement } from '../domain/lint-agreement';
import { lintContract } from '../domain/lint';

type Placed = readonly [path: string, condition: Condition | null | undefined];

/** Every condition of a contract with where it stands. */
function conditionsOf(contract: Contract): Placed[] {
  const { qualified } = contract;
  return [
    ...contract.metrics.flatMap((metric, index): Placed[] => {
      const path = `metrics.${index}`;
      return [
        [`${path}.start`, metric.start],
        [`${path}.stop.when`, metric.stop.when],
        [`${path}.pause`, metric.pause],
        [`${path}.resume`, metric.resume],
        [`${path}.cancel`, metric.cancel],
        [`${path}.reset.when`, metric.reset?.when],
        ...metric.targets.map((target, row): Placed => [`${path}.targets.${row}.when`, target.when]),
      ];
    }),
    ...(contract.obligations ?? []).flatMap((obligation, index): Placed[] => {
      const path = `obligations.${index}`;
      if (obligation.kind === 'period') return [[`${path}.measure.when`, obligation.measure.when]];
      return [
        [`${path}.start`, obligation.start],
        [`${path}.closed`, obligation.closed],
      ];
    }),
    ['qualified.demographic', qualified?.demographic],
    ['qualified.situational', qualified?.situational],
    ['qualified.behavioural', qualified?.behavioural],
  ];
}

const missing = (code: string, path: string, message: string): LintFinding => ({ level: 'error', code, path, message });

/** Calendars and pools that have to be live. */
async function lintReferences(kit: Kit, contract: Contract): Promise<LintFinding[]> {
  const calendars = [
    ...(contract.calendar === null ? [] : [['calendar', contract.calendar] as const]),
    ...contract.metrics.flatMap((metric, index) =>
      metric.targets.flatMap((target, row) =>
        target.calendar ? [[`metrics.${index}.targets.${row}.calendar`, target.calendar] as const] : [],
      ),
    ),
  ];
  const pools = contract.metrics.flatMap((metric, index) =>
    metric.onBreach.flatMap((action) => (action.kind === 'pool' ? [[`metrics.${index}.onBreach`, action.pool] as const] : [])),
  );
  const findings: LintFinding[] = [];
  for (const [path, key] of calendars) {
    const calendar = await kit.calendar(key);
    if (!calendar) findings.push(missing('CALENDAR_MISSING', path, `There is no published calendar "${key}".`));
    else if (!calendarTime.add(calendar, kit.clock.now(), 1).ok)
      findings.push(
        missing(
          'CALENDAR_WITHOUT_HOURS',
          path,
          `The calendar "${key}" has no working hours in the next 400 days: its clocks would be blocked (R-7).`,
        ),
      );
  }
  for (const [path, key] of pools)
    if (!(await kit.policies.liveByKey('pool', key))) findings.push(missing('POOL_MISSING', path, `There is no published pool "${key}".`));
  return findings;
}

/** Stages that have to be in the live graph, and fields that have to exist. */
async function lintStages(kit: Kit, { handOff, obligations = [], qualified }: Contract): Promise<LintFinding[]> {
  const [live] = await kit.policies.live<Lifecycle>('lifecycle');
  const stages = new Set((live?.body ?? STANDARD_LIFECYCLE).stages.map((stage) => stage.key));
  const fields = new Set(kit.conditions.describe('lead').map((fact) => fact.key));
  const named = [
    ...(handOff
      ? (['offered', 'accepted', 'confirmed', 'returned'] as const).map((part) => [`handOff.${part}`, handOff[part]] as const)
      : []),
    ...obligations.flatMap((one, index) =>
      one.kind === 'period' && one.measure.kind !== 'captured' ? [[`obligations.${index}.measure.stage`, one.measure.stage] as const] : [],
    ),
  ];
  return [
    ...named.flatMap(([path, key]) => (stages.has(key) ? [] : [missing('STAGE_MISSING', path, `The stage graph has no stage "${key}".`)])),
    ...(qualified?.required ?? []).flatMap((field) =>
      fields.has(`lead.${field}`) ? [] : [missing('FIELD_MISSING', 'qualified.required', `There is no field "${field}".`)],
    ),
  ];
}

/** Everything wrong with a contract: in itself, and in what it refers to. */
export async function lintAll(kit: Kit, contract: Contract): Promise<LintFinding[]> {
  const conditions = conditionsOf(contract).flatMap(([path, condition]) =>
    condition
      ? kit.conditions.check(condition, 'lead').map((finding) => ({ ...finding, path: `${path}${finding.path ? `.${finding.path}` : ''}` }))
      : [],
  );
  return [
    ...lintContract(contract),
    ...lintAgreement(contract),
    ...conditions,
    ...(await lintReferences(kit, contract)),
    ...(await lintStages(kit, contract)),
  ];
}
