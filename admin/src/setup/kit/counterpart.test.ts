import { counterpart } from './counterpart';

const when = (score: number) => ({ combinator: 'and', rules: [{ field: 'lead.score', operator: '>=', value: score }] });

describe('the place of another version that stands for the same thing', () => {
  test('a rule with a key is found where it was moved to', () => {
    const before = {
      rules: [
        { key: 'a', when: when(1) },
        { key: 'b', when: when(2) },
      ],
    };
    const after = {
      rules: [
        { key: 'b', when: when(3) },
        { key: 'a', when: when(1) },
      ],
    };
    expect(counterpart(before, after, 'rules.0.when')).toEqual({ found: true, value: when(2) });
    expect(counterpart(before, after, 'rules.1.when')).toEqual({ found: true, value: when(1) });
  });

  test('a rule that is not there is new, and so is what lies in a part that is not there', () => {
    const before = { rules: [{ key: 'a', when: when(1) }], filters: {} };
    const after = { rules: [{ key: 'n', when: when(1) }], filters: { consent: { when: when(1) } } };
    expect(counterpart(before, after, 'rules.0.when')).toEqual({ found: false });
    expect(counterpart(before, after, 'filters.consent.when')).toEqual({ found: false });
    expect(counterpart({}, after, 'rules.0.when')).toEqual({ found: false });
  });

  test('a condition that was left empty is known to be empty', () => {
    const body = { rules: [{ key: 'a', when: when(1) }], when: when(4) };
    expect(counterpart({ rules: [{ key: 'a' }] }, body, 'rules.0.when')).toEqual({ found: true, value: undefined });
    expect(counterpart({ rules: [{ key: 'a', when: null }] }, body, 'rules.0.when')).toEqual({ found: true, value: null });
    expect(counterpart({}, body, 'when')).toEqual({ found: true, value: undefined });
  });

  test('moves of a lifecycle are known by the stages they join; two between the same stages by what else they say', () => {
    const before = {
      transitions: [
        { from: 'a', to: 'b', label: 'x', guard: when(1) },
        { from: 'b', to: 'c', guard: when(2) },
      ],
    };
    const after = {
      transitions: [
        { from: 'b', to: 'c', guard: when(5) },
        { from: 'a', to: 'b', label: 'x', guard: when(6) },
      ],
    };
    expect(counterpart(before, after, 'transitions.0.guard')).toEqual({ found: true, value: when(2) });
    const twins = {
      transitions: [
        { from: 'a', to: 'b', label: 'y', guard: when(7) },
        { from: 'a', to: 'b', label: 'x', guard: when(8) },
      ],
    };
    expect(counterpart(before, twins, 'transitions.1.guard')).toEqual({ found: true, value: when(1) });
  });

  test('an item without a key is paired with the one that is the same but for its condition, wherever it stands', () => {
    const before = { targets: [{ when: when(1), duration: 'PT1H' }, { when: when(2), duration: 'PT2H' }, { duration: 'PT8H' }] };
    const after = {
      targets: [
        { when: when(9), duration: 'PT30M' },
        { when: when(1), duration: 'PT1H' },
        { when: when(3), duration: 'PT2H' },
        { duration: 'PT8H' },
      ],
    };
    expect(counterpart(before, after, 'targets.0.when')).toEqual({ found: false });
    expect(counterpart(before, after, 'targets.1.when')).toEqual({ found: true, value: when(1) });
    expect(counterpart(before, after, 'targets.2.when')).toEqual({ found: true, value: when(2) });
    expect(counterpart(before, after, 'targets.3.when')).toEqual({ found: true, value: undefined });
  });
});
