import { knownFields, namesOf, withoutFields } from './history';

const contact = namesOf(['email', 'phone', 'annualRevenue', 'custom.private']);

test('values of withheld fields go under every name history may give them, at any depth', () => {
  const story = {
    name: 'Ann',
    email: 'a@b.example',
    emailKey: 'a@b.example',
    phone_key: '+1',
    annual_revenue: 5,
    custom: { private: 'x', open: 'y' },
    row: { phone: '+1', company: 'Firm' },
    evidence: [{ 'lead.email': 'a@b.example', points: 3 }],
  };
  expect(withoutFields(story, contact)).toEqual({
    name: 'Ann',
    custom: { open: 'y' },
    row: { company: 'Firm' },
    evidence: [{ points: 3 }],
  });
});

test('an object that says whose value it holds loses the value', () => {
  expect(
    withoutFields(
      {
        keys: [
          { kind: 'email', value: 'a@b.example' },
          { kind: 'external', value: 'web:1' },
        ],
      },
      contact,
    ),
  ).toEqual({
    keys: [{ kind: 'email' }, { kind: 'external', value: 'web:1' }],
  });
  expect(withoutFields([{ field: 'lead.phone', operator: 'equal', value: '+1' }], contact)).toEqual([
    { field: 'lead.phone', operator: 'equal' },
  ]);
});

test('a raw payload is kept only for those from whom nothing is withheld', () => {
  const event = { raw: { mail_address: 'a@b.example' }, note: 'n' };
  expect(withoutFields(event, contact)).toEqual({ note: 'n' });
  expect(withoutFields(event, new Set())).toBe(event);
});

test('before and after show the fields of a lead and nothing of the machine', () => {
  const known = new Set(['name', 'stage', 'annualRevenue']);
  expect(knownFields({ name: 'Ann', emailKey: 'k', annual_revenue: 1, custom: { a: 1 }, gradeVersionId: 3 }, known)).toEqual({
    name: 'Ann',
    annual_revenue: 1,
    custom: { a: 1 },
  });
  expect(knownFields(null, known)).toBeNull();
});
