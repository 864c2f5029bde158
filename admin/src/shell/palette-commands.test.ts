import { addPaletteSource, askSources, matching, rank, type Command } from './palette-commands';

const command = (label: string, group: Command['group'] = 'pages'): Command => ({ key: label, group, label, run: () => undefined });

test.each([
  ['Routing policies', 'rou', 3],
  ['Setup: Routing', 'rou', 2],
  ['Grouting', 'rou', 1],
  ['My work', 'mwk', 1],
  ['线索公海', '公海', 1],
  ['ＡＢＣ', 'abc', 3],
  ['Leads', 'pool', 0],
  ['Leads', '', 3],
])('“%s” answers “%s” with %d', (label, typed, wanted) => {
  expect(rank(label, typed)).toBe(wanted);
});

test('better answers come first and leads the server found are kept', () => {
  const found = matching([command('Setup: Leads'), command('Leads'), command('Wang Wei', 'leads'), command('Tasks')], 'lea');
  expect(found.map(({ label }) => label)).toEqual(['Leads', 'Wang Wei', 'Setup: Leads']);
});

test('a source that fails does not take the others with it', async () => {
  const removals = [
    addPaletteSource(() => Promise.reject(new Error('down'))),
    addPaletteSource((typed) => Promise.resolve([command(typed)])),
  ];
  expect((await askSources('139')).map(({ label }) => label)).toEqual(['139']);
  for (const remove of removals) remove();
  expect(await askSources('139')).toEqual([]);
});
