import { withheldValues, withoutValues } from './quoted';

const WITHHELD = new Set(['lead.email', 'lead.phone', 'lead.employees']);
const told = {
  rules: [{ evidence: { facts: { 'lead.email': 'ann@b.example', 'lead.phone': '110', 'lead.employees': 12, 'lead.title': 'CEO' } } }],
  text: 'E-mail = ann@b.example, Phone = 110, Employees = 12, Title = CEO: +12, 110 of 200',
};

test('values under withheld names are found at any depth, empty ones are not', () => {
  expect(withheldValues(told, WITHHELD)).toEqual(['ann@b.example', '110', '12']);
  expect(withheldValues({ phone: { facts: { 'lead.phone': '110' } } }, new Set([...WITHHELD, 'phone']))).toEqual(['110']);
  expect(withheldValues([{ 'lead.email': '' }, { 'lead.email': null }, null, 'x'], WITHHELD)).toEqual([]);
});

test('they are starred out of the sentences; a short one only where it stands for a fact', () => {
  expect(withoutValues(told.text, withheldValues(told, WITHHELD))).toBe(
    'E-mail = ***, Phone = ***, Employees = ***, Title = CEO: +12, 110 of 200',
  );
});

test('what is no text stays as it is', () => {
  const at = new Date('2026-03-02T00:00:00Z');
  expect(withoutValues({ at, n: 110, list: [null, true] }, ['110'])).toEqual({ at, n: 110, list: [null, true] });
});
