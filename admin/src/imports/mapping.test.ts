import { choiceOf, CREATE, doubled, examplesOf, namesNoLead, rateOf, withChoice } from './mapping';
import type { ColumnMapping, ImportTarget } from './types';

const column: ColumnMapping = {
  column: 'Budget',
  target: null,
  create: { key: 'budget', type: 'text', label: { zh: '预算', en: 'Budget' }, options: [] },
  options: { emptyValues: ['Select'] },
};

describe('where a column goes', () => {
  test('nowhere, into a new field, a field, or a part of the name', () => {
    expect(choiceOf(column)).toBe('');
    const created = withChoice(column, CREATE);
    expect(created.target).toBe('custom.budget');
    expect(choiceOf(created)).toBe(CREATE);
    const given = withChoice(column, 'name.given');
    expect(given).toMatchObject({ target: 'name', part: 'given', options: { emptyValues: ['Select'] } });
    expect(choiceOf(given)).toBe('name.given');
    expect(withChoice(given, 'name')).not.toHaveProperty('part');
    expect(withChoice(given, '').target).toBeNull();
  });
  test('two columns for one field are told, two parts of the name are not', () => {
    const to = (target: string | null, part?: 'given' | 'family'): ColumnMapping => ({ column: 'x', target, part });
    expect(doubled([to('email'), to('email'), to(null), to(null)])).toEqual(new Set(['email.']));
    expect(doubled([to('name', 'given'), to('name', 'family')]).size).toBe(0);
  });
  test('a file of deals or follow-ups needs a column that names the lead, or the record itself; others need none', () => {
    const target = (key: string, group: ImportTarget['group']): ImportTarget => ({ key, group, type: 'text', label: { zh: key, en: key } });
    const targets = [target('id', 'record'), target('amount', 'record'), target('leadEmail', 'lead')];
    const to = (key: string | null): ColumnMapping => ({ column: 'x', target: key });
    expect(namesNoLead({ kind: 'opportunities', targets }, [to('amount'), to(null)])).toBe(true);
    expect(namesNoLead({ kind: 'opportunities', targets }, [to('amount'), to('leadEmail')])).toBe(false);
    expect(namesNoLead({ kind: 'opportunities', targets }, [to('id')])).toBe(false);
    expect(namesNoLead({ kind: 'activities', targets }, [])).toBe(true);
    expect(namesNoLead({ kind: 'leads', targets }, [])).toBe(false);
    expect(namesNoLead({ kind: 'accounts', targets }, [])).toBe(false);
  });
  test('examples are different and not blank', () => {
    expect(examplesOf([['a'], [' '], ['a'], ['b'], []], 0)).toEqual(['a', 'b']);
  });
});

test('the rate is known after the first second', () => {
  const start = '2026-01-01T00:00:00Z';
  const at = Date.parse(start);
  expect(rateOf(5000, start, at + 2000)).toBe(2500);
  expect(rateOf(5000, start, at + 500)).toBeNull();
  expect(rateOf(0, start, at + 5000)).toBeNull();
  expect(rateOf(10, null, at)).toBeNull();
});
