import { hashOf, isWithin, nearestPlace, pathOf } from './place';

test('a place holds itself and what lies below it, not what only begins alike', () => {
  expect(isWithin('rules.1', 'rules.1')).toBe(true);
  expect(isWithin('rules.1.when', 'rules.1')).toBe(true);
  expect(isWithin('rules.10', 'rules.1')).toBe(false);
  expect(isWithin('rules', 'rules.1')).toBe(false);
});

test('an address names a place whichever way its indexes are written, and what cannot be read names none', () => {
  expect(hashOf('recycle.rules[0].when')).toBe('#recycle.rules.0.when');
  expect(pathOf(hashOf('fields.leads.custom.größe'))).toBe('fields.leads.custom.größe');
  expect(hashOf(undefined)).toBe('');
  expect(pathOf('')).toBeNull();
  expect(pathOf('#%E0%A4')).toBeNull();
});

test.each([
  ['the field itself', ['rules.0', 'rules.0.when', 'rules'], 'rules.0.when', 'rules.0.when'],
  ['the rule, where the field has no place of its own', ['rules', 'rules.0', 'rules.1'], 'rules.1.when', 'rules.1'],
  ['the first field of a part that has no place of its own', ['weights.fit', 'weights.intent', 'mode'], 'weights', 'weights.fit'],
  ['the part rather than something inside one of its items', ['members.0.rights.x', 'members.0'], 'members', 'members.0'],
  ['nothing, where the form has nothing of the kind', ['mode', 'weights.fit'], 'labelling.cells', null],
])('what is meant is %s', (_words, places, path, meant) => {
  expect(nearestPlace(places, path)).toBe(meant);
});
