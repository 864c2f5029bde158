import { getKit } from '@leadsea/crm-core';
import type { Host } from '@leadsea/crm-core';
import { routingPolicySchema, type RoutingPolicy } from '../../contracts';

function register({ strapi }: { strapi: Host }): void {
  getKit(strapi).policies.define<RoutingPolicy>({ kind: 'routing-policy', resource: 'routing-policies', label: { zh: '分配策略', en: 'Routing policy' }, schema: routingPolicySchema as never });
}

export default { register, bootstrap: (): void => undefined, destroy: (): void => undefined, config: { default: {}, validator: (): void => undefined }, contentTypes: {}, services: {}, routes: {}, controllers: {}, policies: {}, middlewares: {} };
