const reason = (
  value: string,
  zh: string,
  en: string,
  givesBack = false,
): { value: string; label: { zh: string; en: string }; givesBack: boolean } => ({ value, label: { zh, en }, givesBack });

/** Why a lead goes back to a pool. Only these three give a claim back (§5.2). */
export const RELEASE_REASONS = [
  reason('no_answer', '联系不上', 'Cannot be reached'),
  reason('not_interested', '暂无意向', 'Not interested now'),
  reason('no_time', '没有精力跟进', 'No time to follow up'),
  reason('wrong_region', '区域不符', 'Wrong region'),
  reason('duplicate', '重复线索', 'Duplicate', true),
  reason('invalid', '信息无效', 'Invalid data', true),
  reason('wrong_pool', '公海错误', 'Wrong pool', true),
  reason('other', '其他', 'Other'),
];
