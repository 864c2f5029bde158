import type { LocalisedText } from '@leadsea/crm-core';
import type { Feature } from './features';
import type { Leak } from './leaks';

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const both = (zh: string, en: string): LocalisedText => ({ zh, en });

/** Why a field should not be in a model, in one sentence. */
export function leakSentence(label: LocalisedText, leak: Leak): LocalisedText {
  const [a, b] = [percent(leak.a), percent(leak.b ?? 0)];
  switch (leak.reason) {
    case 'WRITTEN_AFTER_CONTACT':
      return both(
        `“${label.zh}”的值有 ${a} 是在首次联系之后才写入的。`,
        `${a} of the values of “${label.en}” were written after the first contact.`,
      );
    case 'NEAR_PERFECT':
      return both(
        `仅凭“${label.zh}”就几乎能判断输赢（AUC ${leak.a.toFixed(2)}），说明它是知道结果后填写的。`,
        `“${label.en}” alone tells won from lost almost perfectly (AUC ${leak.a.toFixed(2)}): it was written by somebody who knew.`,
      );
    case 'FILLED_BY_OUTCOME':
      return both(
        `“${label.zh}”在赢单线索中 ${a} 有值，在输单线索中只有 ${b}：多半是跟进过程中填写的。`.replace(
          '只有',
          leak.a > (leak.b ?? 0) ? '只有' : '却有',
        ),
        `“${label.en}” is filled for ${a} of the won leads and ${b} of the lost ones: it is written while a lead is worked.`,
      );
    case 'FILLED_LATER':
      return both(
        `“${label.zh}”在最早的线索中 ${a} 有值，在最新的线索中只有 ${b}：获取很久之后才会填写。`,
        `“${label.en}” is filled for ${a} of the oldest leads and ${b} of the newest: it comes long after the capture.`,
      );
  }
}

/** The value, range or count a feature is about; null for "filled". `optionOf` gives the words of an option. */
export function levelWords(feature: Feature, optionOf: (field: string, value: string) => LocalisedText): LocalisedText | null {
  switch (feature.type) {
    case 'value':
      return optionOf(feature.field, feature.value);
    case 'other':
      return both('其他值', 'any other value');
    case 'filled':
      return null;
    case 'band': {
      const [from, to] = [feature.from, feature.to];
      if (from === null) return both(`小于 ${to ?? '…'}`, `below ${to ?? '…'}`);
      return to === null ? both(`${from} 及以上`, `${from} or more`) : both(`${from} 至 ${to}`, `${from} to ${to}`);
    }
    case 'often':
      return both(`至少 ${feature.min} 次`, `at least ${feature.min === 1 ? 'once' : `${feature.min} times`}`);
  }
}

/** Why nothing is suggested. */
export const notEnough = (won: number, lost: number, least: number): LocalisedText =>
  both(
    `需要至少 ${least} 条赢单和 ${least} 条输单线索，目前有 ${won} 条赢单、${lost} 条输单。可导入带结果的历史线索。`,
    `At least ${least} won and ${least} lost leads are needed; there are ${won} won and ${lost} lost. You can import leads with their outcomes.`,
  );

export const nothingToLearn = (): LocalisedText =>
  both('没有一个字段的取值足够常见、可以从中学习。', 'No field has values common enough to learn from.');
