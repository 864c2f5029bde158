import type { LeadRow } from '../../../contracts';
import { missingFields } from './required';

const row = {
  name: ' ',
  owner_id: 3,
  annual_revenue: null,
  employees: 0,
  bant: {},
  custom: { budget: '', tags: [], agreed: false },
} as Partial<LeadRow> as LeadRow;

test('blank text, empty lists and columns that were never set are missing; zero and false are values', () => {
  expect(missingFields(['name', 'owner', 'annualRevenue', 'employees', 'bant', 'city'], row)).toEqual([
    'name',
    'annualRevenue',
    'bant',
    'city',
  ]);
  expect(missingFields(['custom.budget', 'custom.tags', 'custom.agreed', 'custom.unknown'], row)).toEqual([
    'custom.budget',
    'custom.tags',
    'custom.unknown',
  ]);
});
