import { createRegistry } from './registry';

test('parts may be added before and after the resource is defined, and the gate is told each time', () => {
  const told: string[] = [];
  const registry = createRegistry((definition) => told.push(definition.name));
  registry.extend('leads', { fields: [{ name: 'early', type: 'text' }] });
  registry.define({ name: 'leads', table: 'demo_leads', fields: [] });
  registry.extend('leads', { fields: [{ name: 'late', type: 'text' }] });
  expect(registry.get('leads').fields.map((field) => field.name)).toEqual(['id', 'early', 'late']);
  expect(told).toEqual(['leads', 'leads']);
  expect(() => registry.get('nope')).toThrow('was not found');
});

test('what could not work is refused at start-up', () => {
  const registry = createRegistry(() => undefined);
  registry.define({ name: 'leads', table: 'demo_leads', fields: [{ name: 'name', type: 'text' }] });
  expect(() => registry.extend('leads', { fields: [{ name: 'name', type: 'text' }] })).toThrow(/twice/);
  expect(() => registry.define({ name: 'leads', table: 'demo_leads', fields: [] })).toThrow(/twice/);
  expect(() => registry.define({ name: 'a', table: 'x y', fields: [] })).toThrow(/identifier/);
  expect(() => registry.define({ name: 'b', table: 'x', fields: [{ name: 'a"b', type: 'text' }] })).toThrow(/field name/);
  expect(() => registry.define({ name: 'c', table: 'x', fields: [{ name: 'custom', type: 'json' }], dynamicFields: () => [] })).toThrow(
    /hides/,
  );
});
