import type { LocalisedText } from '@leadsea/crm-core';
import { WARN_PATTERN, type ClockAction, type EvidenceRule, type Metric } from '../../../contracts';
import type { Language } from './condition-words';
import { minutesInWords } from './words';

/** Names of activity kinds, of their outcomes and of pools, by key. */
export type NameOf = (kind: 'activity' | 'outcome' | 'pool', key: string) => LocalisedText;

const AUTHORS: Readonly<Record<EvidenceRule['authors'], LocalisedText>> = {
  owner: { zh: '负责人', en: 'by the owner' },
  delegate: { zh: '负责人或其主管', en: 'by the owner or his manager' },
  team: { zh: '团队成员', en: 'by somebody of the team' },
  any: { zh: '任何人', en: 'by anybody' },
};

const list = (items: readonly string[], language: Language): string => items.join(language === 'zh' ? '、' : ', ');

/** Kinds, outcomes and authors of the activities that answer a clock: `Call, Mail (Connected, Sent) by the owner`. */
export function evidenceInWords({ kinds, outcomes, authors, minSeconds }: EvidenceRule, name: NameOf, language: Language): string {
  const zh = language === 'zh';
  const what = list(
    kinds.map((kind) => name('activity', kind)[language]),
    language,
  );
  // Two kinds may have outcomes of one name; it is said once.
  const said = [...new Set((outcomes ?? []).map((outcome) => name('outcome', outcome)[language]))];
  const only = said.length > 0 ? (zh ? `（${list(said, language)}）` : ` (${list(said, language)})`) : '';
  const length = minSeconds ? (zh ? `，通话至少 ${minSeconds} 秒` : `, calls of at least ${minSeconds} s`) : '';
  const who = AUTHORS[authors][language];
  return zh ? `${who}的${what}${only}${length}` : `${what}${only}${length}, ${who}`;
}

function warnInWords(warn: string, language: Language): string {
  const zh = language === 'zh';
  const [, percent, sign, amount, unit] = WARN_PATTERN.exec(warn) ?? [];
  if (percent) return zh ? `用去 ${percent}% 时` : `after ${percent} % of the time`;
  const span = minutesInWords(Number(amount ?? 0) * (unit === 'h' ? 60 : 1))[language];
  if (sign === '-') return zh ? `截止前 ${span}` : `${span} before the deadline`;
  return zh ? `截止后 ${span}` : `${span} after the deadline`;
}

function actionInWords(action: ClockAction, name: NameOf, language: Language): string {
  const zh = language === 'zh';
  switch (action.kind) {
    case 'notify-owner':
      return zh ? '通知负责人' : 'the owner is told';
    case 'notify-manager':
      return zh ? '通知主管' : 'the manager is told';
    case 'notify-team':
      return zh ? '通知整个团队' : 'the whole team is told';
    case 'reroute':
      return zh ? '改派给他人' : 'the lead goes to somebody else';
    case 'pool':
      return zh ? `转入公海“${name('pool', action.pool).zh}”` : `the lead goes to the pool ${name('pool', action.pool).en}`;
    case 'webhook':
      return zh ? '通知外部系统' : 'a system outside is told';
  }
}

export const actionsInWords = (actions: readonly ClockAction[], name: NameOf, language: Language): string =>
  list(
    actions.map((action) => actionInWords(action, name, language)),
    language,
  );

/** What warns, and what a miss sets going: as much of the promise as its time. Nothing where nothing happens. */
export function consequenceLines(metric: Metric, name: NameOf, language: Language): string[] {
  const zh = language === 'zh';
  const warns = metric.warns.map((warn) => warnInWords(warn, language));
  const told = actionsInWords(metric.onWarn, name, language);
  const moves = metric.onBreach.some(({ kind }) => kind === 'reroute' || kind === 'pool');
  const most = moves && metric.maxHops > 0 ? (zh ? `（最多 ${metric.maxHops} 次）` : ` (at most ${metric.maxHops} times)`) : '';
  return [
    ...(warns.length > 0 && told !== '' ? [`- ${zh ? '提醒' : 'Warning'}: ${list(warns, language)}${zh ? '，' : ': '}${told}`] : []),
    ...(metric.onBreach.length > 0
      ? [`- ${zh ? '超时后' : 'When it is missed'}: ${actionsInWords(metric.onBreach, name, language)}${most}`]
      : []),
  ];
}
