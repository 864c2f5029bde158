import { diff, sameBody } from './diff';
import { getAt, keyFrom, moved, normalPath, setAt } from './tree';

const name = (item: unknown, index: number): string => (item as { key?: string }).key ?? String(index + 1);

describe('places in a policy body', () => {
  test('both spellings of a path are the same place', () => {
    expect(normalPath('recycle.rules[0].when')).toBe('recycle.rules.0.when');
    expect(normalPath('a.0.b')).toBe('a.0.b');
  });
  test('a value is replaced without touching its neighbours', () => {
    const body = { limits: [{ max: 1 }, { max: 2 }], recycle: { rules: [] } };
    const changed = setAt(body, 'limits.1.max', 9);
    expect(changed).toEqual({ limits: [{ max: 1 }, { max: 9 }], recycle: { rules: [] } });
    expect(changed.recycle).toBe(body.recycle);
    expect(changed.limits[0]).toBe(body.limits[0]);
    expect(body.limits[1]).toEqual({ max: 2 });
  });
  test('missing parents are made, undefined takes away', () => {
    expect(setAt({}, 'a.b.0', 1)).toEqual({ a: { b: [1] } });
    expect(setAt({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 });
    expect(getAt({ a: [{ b: 3 }] }, 'a.0.b')).toBe(3);
    expect(getAt({ a: null }, 'a.b.c')).toBeUndefined();
    expect(getAt({ numbers: { 1: 50 } }, 'numbers.1')).toBe(50);
    expect(setAt({ numbers: { 1: 50 } }, 'numbers.1', 60)).toEqual({ numbers: { 1: 60 } });
  });
  test('an item is moved', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
  test('keys come from names', () => {
    expect(keyFrom('Hot leads!', 'rule')).toBe('hot-leads');
    expect(keyFrom('热线索', 'rule')).toBe('rule');
    expect(keyFrom('热线索', 'rule', ['rule', 'rule-2'])).toBe('rule-3');
    expect(keyFrom('Ünit 7', 'field', [], '_')).toBe('u_nit_7');
  });
});

describe('what a draft changes', () => {
  test('nothing, when only the order of properties differs', () => {
    expect(sameBody({ a: 1, b: { c: 2 } }, { b: { c: 2 }, a: 1 })).toBe(true);
    expect(diff({ a: 1, when: null }, { a: 1 }, [], name)).toEqual([]);
  });
  test('items with keys are compared by key', () => {
    const before = {
      rules: [
        { key: 'hot', points: 1 },
        { key: 'old', points: 5 },
      ],
    };
    const after = {
      rules: [
        { key: 'new', points: 2 },
        { key: 'hot', points: 3 },
      ],
    };
    expect(diff(before, after, [], name)).toEqual([
      { kind: 'removed', path: ['rules', 'old'], before: { key: 'old', points: 5 } },
      { kind: 'added', path: ['rules', 'new'], after: { key: 'new', points: 2 } },
      { kind: 'changed', path: ['rules', 'hot', 'points'], before: 1, after: 3 },
    ]);
  });
  test('a new order alone is one change', () => {
    const [a, b] = [{ key: 'a' }, { key: 'b' }];
    expect(diff({ rules: [a, b] }, { rules: [b, a] }, [], name)).toEqual([{ kind: 'moved', path: ['rules'] }]);
  });
  test('conditions and texts change as a whole', () => {
    const before = { combinator: 'and', rules: [] };
    const after = { combinator: 'and', rules: [{ field: 'lead.city', operator: 'null' }] };
    expect(diff({ when: before, label: { zh: '一', en: 'a' } }, { when: after, label: { zh: '一', en: 'b' } }, [], name)).toEqual([
      { kind: 'changed', path: ['when'], before, after },
      { kind: 'changed', path: ['label'], before: { zh: '一', en: 'a' }, after: { zh: '一', en: 'b' } },
    ]);
  });
});
