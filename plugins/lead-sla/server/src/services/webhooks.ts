import { postOutside, type JobInput, type RunningJob } from '@leadsea/crm-core';
import { z } from 'zod';
import type { Clock } from '../domain/clock';

export const WEBHOOK_JOB = 'sla.webhook';

interface Called {
  readonly clock: Clock;
  readonly lead: number;
  readonly actions: readonly { readonly kind: string; readonly url?: string }[];
}

/** Jobs that post what happened to a clock to the addresses of its metric: ids and times, no personal data. */
export const webhookJobs = (called: readonly Called[], event: 'sla.warn' | 'sla.breach' | 'sla.met'): JobInput[] =>
  called.flatMap(({ clock, lead, actions }) =>
    actions.flatMap((action) =>
      action.kind === 'webhook' && action.url
        ? [
            {
              kind: WEBHOOK_JOB,
              key: `${event}:${clock.id}:${clock.targetVersion}${event === 'sla.warn' ? `:${clock.warns.filter((warn) => warn.fired).length}` : ''}:${action.url}`,
              payload: {
                url: action.url,
                body: {
                  event,
                  lead,
                  clock: clock.id,
                  metric: clock.metric,
                  cycle: clock.cycle,
                  state: clock.state,
                  dueAt: clock.dueAt,
                  breachedAt: clock.breachedAt,
                  stoppedAt: clock.stoppedAt,
                  owner: clock.breachOwnerId ?? clock.ownerId,
                },
              },
            },
          ]
        : [],
    ),
  );

const payloadSchema = z.object({ url: z.string(), body: z.record(z.string(), z.unknown()) });

/** Posts one event outside; internal addresses are refused. @throws Error for any answer but 2xx, so that the job is tried again. */
export async function callWebhook({ payload }: Pick<RunningJob, 'payload'>): Promise<void> {
  const { url, body } = payloadSchema.parse(payload);
  const { status } = await postOutside(url, JSON.stringify(body), { 'content-type': 'application/json' });
  if (status < 200 || status >= 300) throw new Error(`${new URL(url).host} answered ${status}.`);
}
