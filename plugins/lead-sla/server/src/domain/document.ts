import { calendarTime, type LocalisedText } from '@leadsea/crm-core';
import type { Clause, Contract, Metric, Obligation, PeriodObligation, TouchObligation } from '../../../contracts';
import { conditionInWords, type FactWords, type Language } from './condition-words';
import { actionsInWords, consequenceLines, evidenceInWords } from './metric-words';
import { minutesInWords } from './words';

/** What a document says beside the body of the contract. */
export interface DocumentContext {
  readonly facts: FactWords;
  /** Names by key, as people read them. */
  readonly name: (kind: 'calendar' | 'stage' | 'field' | 'activity' | 'outcome' | 'pool', key: string) => LocalisedText;
}

type Say = (zh: string, en: string) => string;

const MEANINGS: Readonly<Record<string, LocalisedText>> = {
  'same-time': { zh: '至第 N 个工作日的同一时刻', en: 'to the same time on the Nth workday' },
  'end-of-day': { zh: '至第 N 个工作日下班', en: 'to the end of the Nth workday' },
  budget: { zh: '标准工作日时长', en: 'standard days of working hours' },
};

const SIDES: Readonly<Record<string, LocalisedText>> = {
  sales: { zh: '销售', en: 'Sales' },
  marketing: { zh: '市场', en: 'Marketing' },
  system: { zh: '系统', en: 'The system' },
  both: { zh: '双方', en: 'Both sides' },
};

const PERIODS: Readonly<Record<string, LocalisedText>> = {
  week: { zh: '每周', en: 'each week' },
  month: { zh: '每月', en: 'each month' },
  quarter: { zh: '每季度', en: 'each quarter' },
};

function durationInWords(duration: string, meaning: string, language: Language): string {
  const parsed = calendarTime.parseDuration(duration);
  if (parsed.kind === 'seconds') {
    const length = minutesInWords(Math.ceil(parsed.seconds / 60))[language];
    return language === 'zh' ? `${length}工作时间` : `${length} of business time`;
  }
  if (parsed.kind === 'invalid') return duration;
  const how = MEANINGS[meaning]?.[language].replace('N', String(parsed.days)) ?? meaning;
  return language === 'zh' ? `${parsed.days} 个工作日（${how}）` : `${parsed.days} business day${parsed.days === 1 ? '' : 's'} (${how})`;
}

/** The rows of a metric: as lines of a list, and what a row that is the only one says. */
function targetsOf(
  metric: Metric,
  { facts, name }: DocumentContext,
  language: Language,
): { readonly line: string; readonly text: string }[] {
  const zh = language === 'zh';
  return metric.targets.map((target) => {
    const within = durationInWords(target.duration, target.meaning, language);
    const where = target.when ? conditionInWords(target.when, facts, language) : zh ? '其余线索' : 'all other leads';
    const calendar = target.calendar
      ? zh
        ? `，日历：${name('calendar', target.calendar).zh}`
        : `, calendar ${name('calendar', target.calendar).en}`
      : '';
    return { line: `  - ${where}${zh ? '：' : ': '}${within}${calendar}`, text: `${within}${calendar}` };
  });
}

function stopInWords(metric: Metric, { facts, name }: DocumentContext, language: Language): string {
  const zh = language === 'zh';
  const { activities, when } = metric.stop;
  const by = activities && evidenceInWords(activities, name, language);
  return [by, when ? conditionInWords(when, facts, language) : null].filter(Boolean).join(zh ? '，或' : ', or ');
}

function metricLines(metric: Metric, context: DocumentContext, language: Language): string[] {
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  const { facts, name } = context;
  const targets = targetsOf(metric, context, language);
  const condition = (value: Metric['pause']): string => conditionInWords(value, facts, language);
  return [
    `### ${metric.label[language]}`,
    '',
    `- ${say('责任方', 'Promised by')}: **${SIDES[metric.obligor]?.[language]}**`,
    `- ${say('开始', 'Starts when')}: ${condition(metric.start)}`,
    `- ${say('完成', 'Met by')}: ${stopInWords(metric, context, language)}`,
    ...(targets.length === 1
      ? [`- ${say('时限', 'Within')}: ${targets[0]!.text}`]
      : [`- ${say('时限', 'Within')}:`, ...targets.map(({ line }) => line)]),
    ...(metric.pause ? [`- ${say('暂停', 'Paused while')}: ${condition(metric.pause)}`] : []),
    ...(metric.cancel ? [`- ${say('取消', 'Cancelled when')}: ${condition(metric.cancel)}`] : []),
    ...consequenceLines(metric, name, language),
    '',
  ];
}

const touchLine = (obligation: TouchObligation, { name }: DocumentContext, language: Language): string => {
  const counts = Object.entries(obligation.minCounts)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) =>
      language === 'zh' ? `${count} 次${name('activity', kind).zh}` : `${count} × ${name('activity', kind).en.toLowerCase()}`,
    )
    .join(language === 'zh' ? '、' : ', ');
  const hours = Math.round(obligation.minSpacingSeconds / 360) / 10;
  return language === 'zh'
    ? `${obligation.windowDays} 天内完成 ${counts}，间隔至少 ${hours} 小时，至少 ${obligation.minChannels} 种渠道`
    : `${counts} within ${obligation.windowDays} days, at least ${hours} h apart, by at least ${obligation.minChannels} channels`;
};

function periodLine(obligation: PeriodObligation, { facts, name }: DocumentContext, language: Language): string {
  const zh = language === 'zh';
  const { measure, atLeast } = obligation;
  const period = PERIODS[obligation.period]?.[language] ?? obligation.period;
  const when = 'when' in measure && measure.when ? conditionInWords(measure.when, facts, language) : null;
  const stage = measure.kind === 'captured' ? null : name('stage', measure.stage)[language];
  if (measure.kind === 'share')
    return zh
      ? `${period}到达“${stage}”的线索中至少 ${atLeast}% 满足：${when}`
      : `${period}, at least ${atLeast} % of the leads that reach ${stage}: ${when}`;
  const what = stage ? (zh ? `到达“${stage}”的线索` : `leads that reach ${stage}`) : zh ? '新线索' : 'new leads';
  return `${period}${zh ? '' : ','} ${zh ? `至少 ${atLeast} 条${what}` : `at least ${atLeast} ${what}`}${when ? (zh ? `，满足：${when}` : `, where ${when}`) : ''}`;
}

const obligationLines = (obligation: Obligation, context: DocumentContext, language: Language): string[] => [
  `### ${obligation.label[language]}`,
  '',
  `- ${language === 'zh' ? '责任方' : 'Promised by'}: **${SIDES[obligation.obligor]?.[language]}**`,
  `- ${obligation.kind === 'touch' ? touchLine(obligation, context, language) : periodLine(obligation, context, language)}`,
  ...(obligation.kind === 'touch' && obligation.onBreach.length > 0
    ? [`- ${language === 'zh' ? '未完成时' : 'When it is missed'}: ${actionsInWords(obligation.onBreach, context.name, language)}`]
    : []),
  '',
];

function qualifiedLines({ qualified }: Contract, { facts, name }: DocumentContext, language: Language): string[] {
  if (!qualified) return [];
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  const part = (title: string, condition: Metric['pause']): string[] =>
    condition && condition.rules.length > 0 ? [`- ${title}: ${conditionInWords(condition, facts, language)}`] : [];
  return [
    `## ${say('合格线索的定义', 'What a qualified lead is')}`,
    '',
    ...(qualified.description?.[language] ? [qualified.description[language], ''] : []),
    ...(qualified.required.length > 0
      ? [`- ${say('必须填写', 'Must be known')}: ${qualified.required.map((key) => name('field', key)[language]).join(say('、', ', '))}`]
      : []),
    ...part(say('是谁', 'Who it is'), qualified.demographic),
    ...part(say('处境', 'Its situation'), qualified.situational),
    ...part(say('行为', 'What it has done'), qualified.behavioural),
    '',
  ];
}

function clauseLines(clauses: readonly Clause[], labelOf: (key: string) => LocalisedText | undefined, language: Language): string[] {
  if (clauses.length === 0) return [];
  const heading = language === 'zh' ? '双方职责' : 'Duties of both sides';
  const lines = clauses.flatMap((clause, index) => {
    const measured = clause.measuredBy.flatMap((key) => labelOf(key)?.[language] ?? []);
    return [
      `### ${index + 1}. ${clause.title[language]} — ${SIDES[clause.side]?.[language]}`,
      '',
      ...(clause.text?.[language] ? [clause.text[language], ''] : []),
      ...(measured.length > 0
        ? [`${language === 'zh' ? '衡量' : 'Measured by'}: ${measured.join(language === 'zh' ? '、' : ', ')}`, '']
        : []),
    ];
  });
  return [`## ${heading}`, '', ...lines];
}

function handOffLines({ handOff }: Contract, { name }: DocumentContext, language: Language): string[] {
  if (!handOff) return [];
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  const hours = minutesInWords(Math.ceil(handOff.answerSeconds / 60))[language];
  const stage = (key: string): string => name('stage', key)[language];
  return [
    `## ${say('移交', 'Hand-off')}`,
    '',
    `- ${say(`线索到达“${stage(handOff.offered)}”即移交销售，销售在 ${hours}工作时间内接收或说明理由退回`, `A lead that reaches ${stage(handOff.offered)} is offered to sales, who accept it or send it back with a reason within ${hours} of business time`)}`,
    `- ${say('退回理由', 'Reasons to send it back')}: ${handOff.reasons.map((reason) => reason.label[language]).join(say('、', ', '))}`,
    ...(handOff.bant.length > 0
      ? [
          `- ${say(`确认为“${stage(handOff.confirmed)}”前须了解`, `Known before it becomes ${stage(handOff.confirmed)}`)}: ${handOff.bant.join(', ')} (${say(`${handOff.bantStaleDays} 天内`, `not older than ${handOff.bantStaleDays} days`)})`,
        ]
      : []),
    '',
  ];
}

function dates(body: Contract, say: Say): string[] {
  const from = body.effectiveFrom ?? say('双方签署之日', 'the day both sides have signed');
  const to = body.effectiveTo ?? say('另行约定', 'further notice');
  const review = body.reviewMonths
    ? [`- ${say(`每 ${body.reviewMonths} 个月复核一次`, `Reviewed every ${body.reviewMonths} months`)}`]
    : [];
  return [`- ${say('生效', 'In force from')}: ${from} ${say('至', 'until')} ${to}`, ...review];
}

/** The contract as Markdown: what is signed, printed and compared. The same body and context give the same text. */
export function documentOf(body: Contract, context: DocumentContext, language: Language): string {
  const say: Say = (zh, en) => (language === 'zh' ? zh : en);
  const labels = new Map([...body.metrics, ...(body.obligations ?? [])].map((one) => [one.key, one.label]));
  const calendar = body.calendar ? context.name('calendar', body.calendar)[language] : say('公司日历', "the company's calendar");
  const obligations = body.obligations ?? [];
  return [
    `# ${body.title[language]}`,
    '',
    ...dates(body, say),
    `- ${say('工作时间', 'Working time')}: ${calendar}`,
    '',
    ...(body.text?.[language] ? [body.text[language], ''] : []),
    ...qualifiedLines(body, context, language),
    ...clauseLines(body.clauses ?? [], (key) => labels.get(key), language),
    ...handOffLines(body, context, language),
    `## ${say('时限', 'Deadlines')}`,
    '',
    ...body.metrics.flatMap((metric) => metricLines(metric, context, language)),
    ...(obligations.length > 0
      ? [`## ${say('义务', 'Obligations')}`, '', ...obligations.flatMap((one) => obligationLines(one, context, language))]
      : []),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}
