import type { RoutedLead } from './facts';

/**
 * best first, then oldest, then by id. Grades are spread while choosing, not by order: two people would else get every second grade.
 * Leads that have waited come first and by age alone.
 */
export const inOrder = (leads: readonly RoutedLead[]): readonly RoutedLead[] =>
  [...leads].sort(
    (a, b) =>
      Number(a.test) - Number(b.test) ||
      Number(b.waiting.size > 0) - Number(a.waiting.size > 0) ||
      (a.waiting.size > 0 ? a.capturedAt.getTime() - b.capturedAt.getTime() : 0) ||
      (a.together ?? 0) - (b.together ?? 0) ||
      (b.score ?? -1) - (a.score ?? -1) ||
      a.capturedAt.getTime() - b.capturedAt.getTime() ||
      a.id - b.id,
  );
