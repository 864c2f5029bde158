import { badRequest, type ResourceVerb, type VerbContext } from '@leadsea/crm-core';
import type { z } from 'zod';

interface VerbOfOne<Input> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly summary: string;
  readonly access?: string;
  readonly method?: 'GET';
  readonly run: (context: VerbContext, id: number, input: Input) => Promise<unknown>;
}

/** A verb that takes one record and no more; `what` is what the refusal (ONE_AT_A_TIME) calls it. */
export const verbOfOne =
  (what: string) =>
  <Input>({ run, ...definition }: VerbOfOne<Input>): ResourceVerb => ({
    ...definition,
    target: 'record',
    run: (context: VerbContext, ids: readonly number[], input: Input) => {
      const [id, ...others] = ids;
      if (id === undefined || others.length > 0) throw badRequest('ONE_AT_A_TIME', `One ${what} at a time.`);
      return run(context, id, input);
    },
  });
