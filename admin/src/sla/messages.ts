import { slaPageEn } from './messages-en';
import { slaPageZh } from './messages-zh';

/** Words of the pages about promises, under the key `sla.`; both languages must have the same keys. */
export const slaPageMessages = { en: slaPageEn, zh: slaPageZh };
