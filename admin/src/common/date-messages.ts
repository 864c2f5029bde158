/** Words of the input for days and moments. */
export const dateMessages = {
  en: {
    open: 'Open the calendar',
    before: 'Previous month',
    after: 'Next month',
    today: 'Today',
    clear: 'Clear',
    hour: 'Hour',
    minute: 'Minute',
    wrong: 'This is no date. Write 2026-03-06.',
    wrongTime: 'Write 09:30.',
    dayHint: 'YYYY-MM-DD',
    momentHint: 'YYYY-MM-DD HH:MM',
  },
  zh: {
    open: '打开日历',
    before: '上个月',
    after: '下个月',
    today: '今天',
    clear: '清除',
    hour: '时',
    minute: '分',
    wrong: '这不是日期，请写成 2026-03-06。',
    wrongTime: '请写成 09:30。',
    dayHint: '年-月-日',
    momentHint: '年-月-日 时:分',
  },
};
