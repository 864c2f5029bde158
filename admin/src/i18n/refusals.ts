import { refusalsEn } from './refusals-en';
import { refusalsZh } from './refusals-zh';

/** Refusals by the stable code of the server, and the reasons that leave a candidate out, in both languages. */
export const refusals = { en: refusalsEn, zh: refusalsZh };
