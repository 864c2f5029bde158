import type { ResourceVerb } from '@leadsea/crm-core';
import type { VerbDeps } from './answer';
import { claimBestVerb, claimVerb } from './claim';
import { doNotContactVerb } from './contact';
import { giveVerb } from './give';
import { protectVerb } from './protect';
import { releaseTargetsVerb } from './release-targets';
import { retireVerb } from './retire';
import { moveVerb, recycleVerb, releaseVerb } from './return';

export type { VerbDeps } from './answer';

const verb = <Input>(definition: ResourceVerb<Input>): ResourceVerb => definition;

/** Verbs on leads, also in bulk. */
export const leadVerbs = (deps: VerbDeps): readonly ResourceVerb[] => [
  verb(claimVerb(deps)),
  verb(releaseVerb(deps)),
  verb(releaseTargetsVerb(deps)),
  verb(giveVerb(deps, 'assign')),
  verb(giveVerb(deps, 'transfer')),
  verb(recycleVerb(deps)),
  verb(moveVerb(deps)),
  verb(protectVerb(deps.requests)),
  verb(doNotContactVerb(deps)),
];

/** Verbs on pools. */
export const poolVerbs = (deps: VerbDeps): readonly ResourceVerb[] => [verb(claimBestVerb(deps)), verb(retireVerb(deps.kit))];
