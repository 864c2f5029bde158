/** Words of the limits of a role: contacts shown a day, records by the values of their fields. */
export const rowLimits = {
  en: {
    revealPool: 'Sees phone and mail of leads in pools',
    revealPoolHelp: 'Others see them masked until they claim the lead.',
    revealPerDay: 'Contacts shown per day',
    revealPerDayHelp: 'How often one may show masked phone and mail. Empty: no limit.',
    only: 'Only records with these values',
    onlyHelp:
      'For roles of a region, a brand, a product: beyond what one holds oneself, the role reaches only records that have one of the values in every field named here. It also holds for what hangs on them. Whoever holds such a role imports no file by it.',
    onlyOf: 'Records',
    onlyValues: 'Values of %{field}',
    onlyNone: 'Choose at least one value.',
    onlyRemove: 'Take %{field} away',
    onlyAdd: 'Limit by a field',
    onlyEmpty: '%{resource}: not limited.',
  },
  zh: {
    revealPool: '可见公海线索的电话和邮箱',
    revealPoolHelp: '其他人在领取之前只能看到脱敏内容。',
    revealPerDay: '每天可查看的联系方式',
    revealPerDayHelp: '每天可查看脱敏电话和邮箱的次数；留空则不限。',
    only: '仅限符合这些值的记录',
    onlyHelp:
      '适用于按区域、品牌或产品划分的角色：除本人持有的记录外，只能接触所列每个字段都取其中某个值的记录，其下的任务、跟进等同样受限。持有此类角色者不能凭它导入文件。',
    onlyOf: '记录',
    onlyValues: '“%{field}”的取值',
    onlyNone: '请至少选择一个值。',
    onlyRemove: '去掉“%{field}”',
    onlyAdd: '按字段限定',
    onlyEmpty: '%{resource}：未限定。',
  },
};
