/** Words of the import pages, under the key `imports.`; both languages must have the same keys. */
export const importsMessages = {
  en: { title: 'Import', empty: 'No imports yet.' },
  zh: { title: '导入', empty: '还没有导入记录。' },
};
