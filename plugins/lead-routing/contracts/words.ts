import { wallTime, type LocalisedText } from '@leadsea/crm-core';
import type { CandidateReason, RouteReason, TieBreak } from './decision';

const t = (zh: string, en: string): LocalisedText => ({ zh, en });
/** On the clock of whoever reads it, as every time of the console. */
const stamp = (iso: string | null | undefined, zone: string): string => (iso ? wallTime(new Date(iso), zone) : '');

const CHANNELS: Readonly<Record<string, LocalisedText>> = {
  call: t('电话', 'phone'),
  mail: t('邮件', 'mail'),
  message: t('消息', 'message'),
};

/** What told the winner apart from somebody with the same claim (R-68). */
export const TIE_TEXT: Readonly<Record<TieBreak, LocalisedText>> = {
  rank: t('排名在前的人得到了它', 'Somebody with a better rank got it'),
  'least-recent': t('排名相同，更久没有分到的人得到了它', 'Equal rank: it went to whoever had waited longer'),
  list: t('排名相同，名单中靠前的人得到了它', 'Equal rank: it went to whoever comes first in the list'),
  id: t('完全相同，按编号决定', 'Equal in everything: decided by number'),
};

/** A reason code with its numbers, as a sentence a rep understands (R-52); `zone` = that of the reader. */
export function reasonText(reason: CandidateReason, zone: string): LocalisedText {
  const { n = 0, m = 0, value = '' } = reason;
  const until = stamp(reason.until, zone);
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
      return reason.label
        ? t(`“${reason.label.zh}”已满（${n}/${m}）`, `The limit “${reason.label.en}” is full (${n} of ${m})`)
        : t(`持有已满（${n}/${m}）`, `At capacity (${n} of ${m})`);
    case 'PERIOD_CAP':
      return t(`本期分配已满（${n}/${m}），${until} 重置`, `Cap of this rule reached (${n} of ${m}), resets at ${until}`);
    case 'NOT_IN_TARGET':
      return t('不在该规则的人选之内', 'Not among the people of this rule');
    case 'NO_PERMISSION':
      return t('角色无权查看线索', 'His role may not see leads');
    case 'AUTO_OFFLINE_AFTER_BREACH':
      return t(
        `多次超时后自动离线${until ? `，${until} 恢复` : ''}`,
        `Taken offline after missed deadlines${until ? `, back at ${until}` : ''}`,
      );
    case 'TERRITORY':
      return t(`不负责该区域：${value}`, `Not his territory: ${value}`);
    case 'CONSENT_CHANNEL':
      return t(
        `线索未同意该联系方式：${CHANNELS[value]?.zh ?? value}`,
        `The lead has not agreed to be reached by ${CHANNELS[value]?.en ?? value}`,
      );
    case 'STANDARD_NOT_MET':
      return t(`未达考核标准：${reason.label?.zh ?? value}`, `Does not meet the standard: ${reason.label?.en ?? value}`);
    case 'COOLING_UNTIL':
      return t(`持有过，冷却至 ${until}`, `Held it before, cooling until ${until}`);
    case 'CONFLICT_OF_INTEREST':
      return t('曾因利益冲突拒绝', 'Refused it for a conflict of interest');
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
  /** The other system that was to decide gave no answer that could be used. */
  readonly fallback?: boolean;
}

function target({ owner, pool }: ResultWords): LocalisedText {
  if (owner) return t(`分配给 ${owner}`, `went to ${owner}`);
  return pool ? t(`进入公海“${pool}”`, `went to the pool “${pool}”`) : t('未分配', 'was not assigned');
}

/** The outcome of a decision in one sentence; `zone` = that of the reader. */
export function resultText(words: ResultWords, zone: string): LocalisedText {
  const to = target(words);
  const until = stamp(words.heldUntil, zone);
  const rule = words.rule ?? t('', '');
  const sentence = ((): LocalisedText => {
    switch (words.reason) {
      case 'RULE':
        return words.fallback
          ? t(
              `规则“${rule.zh}”询问的外部系统没有可用答复，按备选${to.zh}`,
              `The system the rule “${rule.en}” asks gave no usable answer; by its fallback it ${to.en}`,
            )
          : t(`按规则“${rule.zh}”${to.zh}`, `By the rule “${rule.en}” it ${to.en}`);
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
      case 'OFFERED':
        return t(`超时后开放给其他人：${to.zh}`, `Offered to others after a missed deadline: it ${to.en}`);
      case 'MEETING_PLANNED':
        return t('已约定会面，不改派', 'A meeting is planned: not taken away');
      case 'OUT_OF_HOURS':
        return t(`接收方不在工作时间，${until} 再处理`, `Nobody who could take it is working; looked at again at ${until}`);
      case 'FROZEN':
        return t(`存在争议，${until} 前不改派`, `Disputed: not taken away before ${until}`);
      case 'DISPUTE':
        return t(`争议裁定，${to.zh}`, `A dispute was settled: it ${to.en}`);
      case 'EXPLICIT':
        return t(`录入时指定，${to.zh}`, `Chosen when it came in: it ${to.en}`);
      case 'HELD':
        return t(`等待分配，最晚 ${until} 重试`, `Waiting; tried again by ${until}`);
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
