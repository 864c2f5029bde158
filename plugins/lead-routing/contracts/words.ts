import type { LocalisedText } from '@leadsea/crm-core';
import type { CandidateReason, RouteReason } from './decision';

const t = (zh: string, en: string): LocalisedText => ({ zh, en });
const stamp = (iso: string | null | undefined): string => (iso ? `${iso.slice(0, 16).replace('T', ' ')} UTC` : '');

/** A reason code with its numbers, as a sentence a rep understands (R-52). */
export function reasonText(reason: CandidateReason): LocalisedText {
  const { n = 0, m = 0, value = '' } = reason;
  const until = stamp(reason.until);
  switch (reason.code) {
    case 'DISABLED':
      return t('账号已停用', 'The account is disabled');
    case 'ON_LEAVE':
      return t(`休假中${until ? `，至 ${until}` : ''}`, `On leave${until ? ` until ${until}` : ''}`);
    case 'OFFLINE_TOGGLE':
      return t('已设为不接收线索', 'Set to offline');
    case 'OFF_SHIFT':
      return until
        ? t(`不在工作时间，${until} 上班`, `Outside working hours, back at ${until}`)
        : t('没有工作时间', 'Has no working hours');
    case 'CAPACITY_FULL':
      return t(`持有已满（${n}/${m}）`, `At capacity (${n} of ${m})`);
    case 'PERIOD_CAP':
      return t(`本期分配已满（${n}/${m}），${until} 重置`, `Cap of this rule reached (${n} of ${m}), resets at ${until}`);
    case 'SKILL_MISSING':
      return t(`缺少技能：${value}`, `Skill missing: ${value}`);
    case 'LANGUAGE':
      return t(`不会该语言：${value}`, `Does not speak ${value}`);
    case 'EXCLUDED_PREVIOUS_OWNER':
      return t('曾经持有该线索', 'Had this lead before');
    case 'WEIGHT_ZERO':
      return t('权重为 0', 'Has the weight 0');
  }
}

export interface ResultWords {
  readonly reason: RouteReason;
  readonly rule?: LocalisedText | null;
  readonly owner?: string | null;
  readonly pool?: string | null;
  readonly heldUntil?: string | null;
  readonly test?: boolean;
}

function target({ owner, pool }: ResultWords): LocalisedText {
  if (owner) return t(`分配给 ${owner}`, `went to ${owner}`);
  return pool ? t(`进入公海“${pool}”`, `went to the pool “${pool}”`) : t('未分配', 'was not assigned');
}

/** The outcome of a decision in one sentence. */
export function resultText(words: ResultWords): LocalisedText {
  const to = target(words);
  const rule = words.rule ?? t('', '');
  const sentence = ((): LocalisedText => {
    switch (words.reason) {
      case 'RULE':
        return t(`按规则“${rule.zh}”${to.zh}`, `By the rule “${rule.en}” it ${to.en}`);
      case 'OTHERWISE':
        return t(`没有规则适用，按兜底规则${to.zh}`, `No rule took it; by the last rule it ${to.en}`);
      case 'ON_EMPTY':
        return t(`规则“${rule.zh}”无可用人选，${to.zh}`, `The rule “${rule.en}” found nobody free, so it ${to.en}`);
      case 'STICKY_DUPLICATE':
        return t(`重复线索的负责人，${to.zh}`, `The owner of its duplicate keeps it: it ${to.en}`);
      case 'STICKY_ACCOUNT':
        return t(`客户负责人，${to.zh}`, `It follows the owner of the account: it ${to.en}`);
      case 'STICKY_PREVIOUS':
        return t(`原负责人，${to.zh}`, `Its previous owner gets it back: it ${to.en}`);
      case 'MANAGER':
        return t(`没有其他人选，交给上级：${to.zh}`, `Nobody else was left, so the manager gets it: it ${to.en}`);
      case 'EXPLICIT':
        return t(`录入时指定，${to.zh}`, `Chosen when it came in: it ${to.en}`);
      case 'HELD':
        return t(`等待分配，最晚 ${stamp(words.heldUntil)} 重试`, `Waiting; tried again by ${stamp(words.heldUntil)}`);
      case 'NO_CANDIDATE':
        return t('没有可用人选，需要处理', 'Nobody could take it; it needs attention');
      case 'QUARANTINED':
        return t('已隔离，不分配', 'In quarantine: not assigned');
      case 'STAGE_CLOSED':
        return t('线索已关闭，不分配', 'The lead is closed: not assigned');
      case 'DO_NOT_CONTACT':
        return t('免打扰期内，不分配', 'Must not be contacted for now: not assigned');
      case 'TOUCHED':
        return t('负责人刚刚跟进，不改派', 'The owner has just followed up: not taken away');
      case 'ALREADY_DECIDED':
        return t('刚刚已按相同情况决定过', 'Decided on the same facts a moment ago');
    }
  })();
  return words.test ? t(`（测试线索，仅模拟）${sentence.zh}`, `(Test lead, only simulated) ${sentence.en}`) : sentence;
}
