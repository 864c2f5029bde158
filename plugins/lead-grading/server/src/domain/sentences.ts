import type { LocalisedText } from '@leadsea/crm-core';

/** Names of facts in both languages; a fact without one is shown by its key. */
export type FactLabel = (field: string) => LocalisedText;

const signed = (points: number): string => (points > 0 ? `+${points}` : points < 0 ? `−${Math.abs(points)}` : '0');
const shown = (value: unknown, locale: 'zh' | 'en'): string => {
  if (value === null || value === undefined || value === '') return locale === 'zh' ? '空' : 'empty';
  if (typeof value === 'boolean') return locale === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no';
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (Array.isArray(value)) return value.join(locale === 'zh' ? '、' : ', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};
const both = (zh: string, en: string): LocalisedText => ({ zh, en });
/** Points with at most one decimal: decayed points are no integers. */
export const rounded = (points: number): number => Math.round(points * 10) / 10 || 0;

/** "职位：+15 分（职位 = CTO）" / "Decides: +15 (Title = CTO)". */
export function fitSentence(
  label: LocalisedText,
  matched: boolean,
  points: number,
  facts: Readonly<Record<string, unknown>>,
  factLabel: FactLabel,
  note: LocalisedText | null = null,
): LocalisedText {
  const evidence = (locale: 'zh' | 'en'): string =>
    [
      ...Object.entries(facts).map(([field, value]) => `${factLabel(field)[locale]} = ${shown(value, locale)}`),
      ...(note ? [note[locale]] : []),
    ].join(locale === 'zh' ? '，' : ', ');
  const zh = evidence('zh');
  const en = evidence('en');
  return matched
    ? both(`${label.zh}：${signed(points)} 分${zh && `（${zh}）`}`, `${label.en}: ${signed(points)}${en && ` (${en})`}`)
    : both(`${label.zh}：不符合${zh && `（${zh}）`}`, `${label.en}: does not hold${en && ` (${en})`}`);
}

/** "至少 3 次（7 天内）" / "at least 3 times in 7 days": the row of a frequency rule that holds. */
export function frequencyWords(min: number, within: string | undefined): LocalisedText {
  const found = within === undefined ? null : /^P(?:(\d+)D|T(\d+)H)$/.exec(within);
  const [, days, hours] = found ?? [];
  const zh = days ? `${days} 天内` : hours ? `${hours} 小时内` : '';
  const en = days ? ` in ${days} days` : hours ? ` in ${hours} hours` : '';
  return both(`${zh}至少 ${min} 次`, `at least ${min === 1 ? 'once' : `${min} times`}${en}`);
}

/** "访问价格页：+24.5 分（3 次，最近 2026-03-02；衰减前 30 分，上限扣去 2 分）". */
export function behaviourSentence(
  label: LocalisedText,
  seen: {
    readonly matched: number;
    readonly counted: number;
    readonly points: number;
    readonly given: number;
    readonly lostToCaps: number;
    readonly latest: Date | null;
  },
): LocalisedText {
  if (seen.matched === 0) return both(`${label.zh}：还没有发生`, `${label.en}: has not happened yet`);
  const day = seen.latest?.toISOString().slice(0, 10);
  const repeated =
    seen.matched > seen.counted
      ? both(`${seen.matched} 次中计 ${seen.counted} 次`, `${seen.counted} of ${seen.matched} count`)
      : both(`${seen.counted} 次`, seen.counted === 1 ? 'once' : `${seen.counted} times`);
  const points = rounded(seen.points);
  const given = rounded(seen.given);
  const zh = [
    repeated.zh,
    day && `最近 ${day}`,
    given !== points && `原为 ${given} 分`,
    seen.lostToCaps >= 0.05 && `上限扣去 ${rounded(seen.lostToCaps)} 分`,
  ];
  const en = [
    repeated.en,
    day && `last ${day}`,
    given !== points && `${given} when given`,
    seen.lostToCaps >= 0.05 && `${rounded(seen.lostToCaps)} lost to caps`,
  ];
  return both(
    `${label.zh}：${signed(points)} 分（${zh.filter(Boolean).join('，')}）`,
    `${label.en}: ${signed(points)} (${en.filter(Boolean).join(', ')})`,
  );
}

/** What one step would do: "请求演示：总分 +15，评级 B2 → B1". */
export function nextSentence(label: LocalisedText, points: number, from: string, to: string): LocalisedText {
  const change = from === to ? null : `${from} → ${to}`;
  return both(
    `${label.zh}：总分 ${signed(points)}${change ? `，评级 ${change}` : ''}`,
    `${label.en}: ${signed(points)} on the score${change ? `, grade ${change}` : ''}`,
  );
}
