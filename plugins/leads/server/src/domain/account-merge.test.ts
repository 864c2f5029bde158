import { givenBack, mergedColumns, type AccountRow } from './account-merge';

const account = (id: number, values: Record<string, unknown>): AccountRow => ({ id, custom: {}, ...values });

describe('merging accounts', () => {
  const kept = account(1, { name: 'Acme', company_key: 'acme', website: null, city: 'Berlin', custom: { tier: 'gold' } });
  const other = account(2, {
    name: 'Acme GmbH',
    company_key: 'acmegmbh',
    website: 'acme.de',
    domain_key: 'acme.de',
    city: 'Bonn',
    custom: { tier: 'silver', since: 2001 },
  });

  test('keeps what is there, fills blanks with the match keys that belong to them, and takes own fields nobody has yet', () => {
    expect(mergedColumns(kept, [other], {})).toEqual({ website: 'acme.de', domain_key: 'acme.de', custom: { tier: 'gold', since: 2001 } });
  });
  test('takes a value that was chosen by hand, and a blank too', () => {
    expect(mergedColumns(kept, [other], { name: 2, 'custom.tier': 2, website: 1 })).toEqual({
      name: 'Acme GmbH',
      company_key: 'acmegmbh',
      custom: { tier: 'silver', since: 2001 },
    });
  });
  test('changes nothing when the other one knows nothing more', () => {
    expect(mergedColumns(kept, [account(3, { name: 'ACME' })], {})).toEqual({});
  });
  test('gives back what it took, and names what was edited since', () => {
    const now = { ...kept, website: 'acme.de', city: 'Hamburg' };
    expect(givenBack(now, { website: null, city: 'Berlin' }, { website: 'acme.de', city: 'Bonn' })).toEqual({
      columns: { website: null },
      conflicts: ['city'],
    });
  });
});
