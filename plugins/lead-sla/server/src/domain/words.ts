import { calendarTime, type LocalisedText } from '@leadsea/crm-core';

/** `2 h 10 min`, `45 min`; from whole minutes. */
export function minutesInWords(minutes: number): LocalisedText {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return { zh: `${rest} 分钟`, en: `${rest} min` };
  return { zh: `${hours} 小时${rest ? ` ${rest} 分钟` : ''}`, en: `${hours} h${rest ? ` ${rest} min` : ''}` };
}

/** R-10: what is left is rounded up, what has passed is rounded down. */
export const leftInWords = (seconds: number): LocalisedText => minutesInWords(calendarTime.remainingMinutes(Math.max(0, seconds)));
export const passedInWords = (seconds: number): LocalisedText => minutesInWords(calendarTime.elapsedMinutes(Math.max(0, seconds)));

/** `首次响应还剩 12 分钟` / `First response: 12 min left`. */
export function clockInWords(label: LocalisedText, remainingSeconds: number): LocalisedText {
  if (remainingSeconds > 0) {
    const left = leftInWords(remainingSeconds);
    return { zh: `${label.zh}还剩 ${left.zh}`, en: `${label.en}: ${left.en} left` };
  }
  if (calendarTime.elapsedMinutes(-remainingSeconds) === 0) return { zh: `${label.zh}刚刚超时`, en: `${label.en}: just now overdue` };
  const over = passedInWords(-remainingSeconds);
  return { zh: `${label.zh}已超时 ${over.zh}`, en: `${label.en}: ${over.en} overdue` };
}

const BREACHED = 900;
const CALM = 600;
const PRESSING = 850;

/** 900 for a missed deadline; 600 at the start of a target up to 850 at its end. */
export function urgencyOf(breached: boolean, remainingSeconds: number, targetSeconds: number): number {
  if (breached) return BREACHED;
  const used = targetSeconds > 0 ? 1 - Math.max(0, remainingSeconds) / targetSeconds : 1;
  return Math.round(CALM + (PRESSING - CALM) * Math.min(1, Math.max(0, used)));
}
