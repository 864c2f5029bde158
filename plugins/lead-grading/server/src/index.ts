import type { Grading } from '../../contracts/grading';
import { addDecayKind } from './domain/custom-decay';
import { register } from './register';

/** What `getGrading(strapi)` gives. */
export const grading: Grading = { addDecay: addDecayKind };

export default {
  register,
  bootstrap(): void {},
  destroy(): void {},
  config: { default: {}, validator(): void {} },
  contentTypes: {},
  controllers: {},
  routes: {},
  services: { grading: () => grading },
};
