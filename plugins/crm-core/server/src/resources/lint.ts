import type { HostContext, VerbContext } from '../../../contracts';
import type { Core } from '../services/compose';
import type { NoticeRoute } from './notices';

/** `GET /lint`: everything configured that the one who asks may read, checked as it stands now. */
export const lintRoute = ({ linter }: Pick<Core, 'linter'>): NoticeRoute => ({
  method: 'GET',
  path: '/lint',
  handler: async (ctx: HostContext, { actor }: VerbContext) => {
    const findings = await linter.run(actor);
    const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
    ctx.body = { findings, errors: count('error'), warnings: count('warning') };
  },
});
