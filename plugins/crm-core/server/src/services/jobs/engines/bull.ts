import Queue from 'bull';
import type { Kit } from '../../../../../contracts';
import { JOB_CONCURRENCY, type JobEngine } from '../port';

export interface BullEngineOptions {
  readonly redisUrl: string;
  /** Tells apart products that share one Redis: the name of the database. */
  readonly namespace: string;
  readonly log: Kit['log'];
  readonly concurrency?: number;
}

const SEND_TIMEOUT_MS = 5000;
/** Sending an id again while it waits for the same time is the same job, so repeats do not pile up. */
const keyOf = (id: number, runAt: Date | null): string => `${id}:${runAt?.getTime() ?? 0}`;

/** Commands wait for a lost Redis without end; a sender must not. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer.')), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Carries job ids over Redis; used when REDIS_URL is set. */
export function createBullEngine({ redisUrl, namespace, log, concurrency = JOB_CONCURRENCY }: BullEngineOptions): JobEngine {
  let queue: Queue.Queue<{ id: number }> | null = null;

  function open(): Queue.Queue<{ id: number }> {
    if (queue) return queue;
    queue = new Queue<{ id: number }>(`jobs:${namespace}`, redisUrl, {
      prefix: 'leadsea',
      defaultJobOptions: { attempts: 1, removeOnComplete: true, removeOnFail: true },
    });
    queue.on('error', (error) => log.warn(`Redis: ${error.message}`));
    queue.on('failed', (job, error) => log.warn(`Job ${job.data.id} was not carried out: ${error.message}`));
    return queue;
  }

  return {
    start: async (run) => {
      const opened = open();
      await within(SEND_TIMEOUT_MS, opened.isReady());
      opened.process(concurrency, (job) => run(job.data.id)).catch((error: unknown) => log.error('The job engine stopped.', error));
    },
    send: async (id, runAt) => {
      const delay = runAt ? Math.max(0, runAt.getTime() - Date.now()) : 0;
      await within(SEND_TIMEOUT_MS, open().add({ id }, { jobId: keyOf(id, runAt), delay }));
    },
    stop: async () => {
      const closing = queue;
      queue = null;
      await closing?.close();
    },
  };
}
