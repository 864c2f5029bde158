import type { LocalisedText } from './condition';

export interface NoticeInput {
  readonly memberId: number;
  /** Dotted event type, e.g. `lead.assigned`, `sla.warn`, `pool.recycle-soon`. */
  readonly type: string;
  readonly subject?: string;
  readonly subjectId?: number;
  readonly title: LocalisedText;
  readonly body?: LocalisedText;
  readonly link?: string;
}
