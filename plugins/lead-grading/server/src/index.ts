import { register } from './register';

export default {
  register,
  bootstrap(): void {},
  destroy(): void {},
  config: { default: {}, validator(): void {} },
  contentTypes: {},
  controllers: {},
  routes: {},
  services: {},
};
