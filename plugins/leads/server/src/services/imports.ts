import type { Kit } from '@leadsea/crm-core';
import type { Leads } from '../../../contracts';

export function registerImports(_kit: Kit, _leads: Leads): void {}
