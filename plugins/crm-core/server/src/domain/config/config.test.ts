import fc from 'fast-check';
import { canonical, compareSection, differences } from './diff';
import { fromText, toText } from './references';

const item = (key: string, value: Record<string, unknown>) => ({ key, id: 1, value });

describe('a plan', () => {
  test('names what is new, what changes and where, and leaves the rest alone', () => {
    const current = [item('a', { label: { zh: '甲', en: 'A' }, list: [1, 2] }), item('b', { on: true }), item('c', {})];
    const wanted = new Map<string, Record<string, unknown>>([
      ['a', { label: { zh: '甲', en: 'Alpha' }, list: [1, 3] }],
      ['b', { on: true, off: null }],
      ['d', { on: false }],
    ]);
    expect(compareSection('x', current, wanted, false)).toEqual({
      changes: [
        {
          section: 'x',
          key: 'a',
          action: 'update',
          differences: [
            { path: 'label.en', before: 'A', after: 'Alpha' },
            { path: 'list.1', before: 2, after: 3 },
          ],
        },
        { section: 'x', key: 'd', action: 'create', differences: [{ path: 'on', before: null, after: false }] },
      ],
      extra: ['c'],
    });
    expect(compareSection('x', current, wanted, true).changes.at(-1)).toMatchObject({ key: 'c', action: 'remove' });
  });

  test('the order of keys is no difference, the order of a list is', () => {
    expect(differences({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([]);
    expect(differences([1, 2], [2, 1])).toHaveLength(2);
  });

  test('nothing differs from itself, and a difference is never lost', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(differences(a, structuredClone(a))).toEqual([]);
        expect(differences(a, b).length === 0).toBe(JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)));
      }),
    );
  });
});

describe('ids in conditions', () => {
  const body = {
    when: {
      combinator: 'and',
      rules: [
        { field: 'lead.team', operator: 'in', value: [1, 2] },
        { field: 'lead.score', operator: '>', value: 1 },
      ],
    },
    max: 1,
  };
  const reference = (fact: string): string | undefined => (fact === 'lead.team' ? 'teams' : undefined);
  const text = toText(body, reference, (_resource, id) => (id === 1 ? 'east' : undefined));

  test('become names where the fact is a reference, and only there', () => {
    expect(text).toMatchObject({ when: { rules: [{ value: [{ $ref: 'teams:east' }, 2] }, { value: 1 }] }, max: 1 });
  });
  test('become the ids of the other installation, and a name that is not there is told', () => {
    const missing: string[] = [];
    expect(fromText(text, (_resource, name) => (name === 'east' ? 77 : undefined), missing)).toHaveProperty('when.rules.0.value', [77, 2]);
    expect(missing).toEqual([]);
    fromText(text, () => undefined, missing);
    expect(missing).toEqual(['teams:east']);
  });
});

describe('ids of people in policies', () => {
  const names: Readonly<Record<string, string>> = { 'members:5': 'wang@example.com', 'members:6': 'li@example.com', 'teams:2': 'east' };
  const nameOf = (resource: string, id: number): string | undefined => names[`${resource}:${id}`];
  const body = {
    rules: [
      { destination: { kind: 'table', rows: [{ cells: ['5'], to: { kind: 'member', id: 5 } }] }, onEmpty: { member: 6 } },
      {
        destination: {
          kind: 'group',
          members: [
            { member: 5, weight: 6 },
            { member: 'li@example.com', weight: 1 },
          ],
        },
      },
    ],
    members: [
      { type: 'member', ref: 6, rights: ['claim'] },
      { type: 'team', ref: 'east' },
      { type: 'member', ref: 99 },
    ],
    sides: { sales: { members: [5, 6] } },
    limits: [{ id: 5, max: 6 }],
  };
  const wang = { $ref: 'members:wang@example.com' };
  const li = { $ref: 'members:li@example.com' };

  test('become e-mail addresses wherever a policy names somebody, and no other number does', () => {
    expect(toText(body, () => undefined, nameOf)).toEqual({
      rules: [
        { destination: { kind: 'table', rows: [{ cells: ['5'], to: { kind: 'member', id: wang } }] }, onEmpty: { member: li } },
        {
          destination: {
            kind: 'group',
            members: [
              { member: wang, weight: 6 },
              { member: 'li@example.com', weight: 1 },
            ],
          },
        },
      ],
      members: [
        { type: 'member', ref: li, rights: ['claim'] },
        { type: 'team', ref: 'east' },
        { type: 'member', ref: 99 },
      ],
      sides: { sales: { members: [wang, li] } },
      limits: [{ id: 5, max: 6 }],
    });
  });

  test('and the ids these people have in the other installation', () => {
    const there: Readonly<Record<string, number>> = { 'wang@example.com': 41, 'li@example.com': 42 };
    const text = toText(body, () => undefined, nameOf);
    expect(fromText(text, (_resource, name) => there[name])).toMatchObject({
      rules: [
        { destination: { rows: [{ to: { kind: 'member', id: 41 } }] }, onEmpty: { member: 42 } },
        { destination: { members: [{ member: 41 }, { member: 'li@example.com' }] } },
      ],
      sides: { sales: { members: [41, 42] } },
    });
  });
});
