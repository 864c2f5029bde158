/** Words of the set-up pages, under the key `setup.`; both languages must have the same keys. */
export const setupMessages = {
  en: { title: 'Setup', empty: 'There is nothing to set up here yet.' },
  zh: { title: '设置', empty: '这里暂时没有可设置的内容。' },
};
