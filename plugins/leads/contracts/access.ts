import type { Host } from '@leadsea/crm-core';
import type { Leads } from './reactor';

export const getLeads = (strapi: Host): Leads => strapi.plugin('leads').service('leads') as Leads;
