/** Words of a list that is saved as a file. */
export const exportMessages = {
  en: { csv: 'All fields, CSV', xlsx: 'All fields, Excel' },
  zh: { csv: '全部字段，CSV', xlsx: '全部字段，Excel' },
};
