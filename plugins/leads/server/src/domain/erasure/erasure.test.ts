import type { CustomField } from '@leadsea/crm-core';
import { ERASED, namesIn, namingCustom, personalCustom, withoutPerson, withoutWords } from './personal';
import { scrub, searchable, tracesOf } from './scrub';

const field = (key: string, type: CustomField['type'], pii = false): CustomField =>
  ({ key, type, pii, entity: 'lead', options: [], label: { zh: key, en: key } }) as Partial<CustomField> as CustomField;
const FIELDS = [field('passport', 'select', true), field('remark', 'textarea'), field('seats', 'integer'), field('second', 'phone')];
const custom = personalCustom(FIELDS);

test('personal is what is tagged so and what anything can be written in; numbers and choices stay', () => {
  expect([...custom].sort()).toEqual(['passport', 'remark', 'second']);
  const row = { name: 'Anna', company: 'Acme', phoneKey: '+4930123456', stage: 'mql', custom: { passport: 'P1', seats: 5, remark: null } };
  expect(withoutPerson(row, custom)).toEqual({
    name: ERASED,
    company: 'Acme',
    phoneKey: ERASED,
    stage: 'mql',
    custom: { passport: ERASED, seats: 5, remark: null },
  });
});

test('a person is named by name, address and how to reach him, and by custom fields that say the same', () => {
  const named = namesIn(
    { name: 'Anna', emailKey: 'a@b.example', title: 'CEO', custom: { second: '030 1', passport: ['P1'], seats: 5, remark: 'x' } },
    namingCustom(FIELDS),
  );
  expect(named).toEqual({ strong: ['a@b.example', '030 1'], weak: ['Anna', 'P1'] });
});

test('words and copies of the lead are taken out of what an event tells, at any depth', () => {
  const told = {
    kind: 'call',
    note: 'she said',
    subject: 'About her',
    row: { name: 'Anna', stage: 'mql' },
    keys: [{ kind: 'email', value: 'a@b.example' }],
    survivor: { before: { email: null }, after: { email: 'a@b.example' } },
    step: { at: '2026-01-01', reply: null },
  };
  expect(withoutWords(told, custom, 'lead.activity')).toEqual({
    kind: 'call',
    note: ERASED,
    subject: ERASED,
    row: { name: ERASED, stage: 'mql' },
    keys: [],
    survivor: { before: { email: null }, after: { email: ERASED } },
    step: { at: '2026-01-01', reply: null },
  });
  expect(withoutWords({ subject: 'deal' }, custom, 'task.done')).toEqual({ subject: 'deal' });
});

const traces = tracesOf(['+8613812345678', 'Li@firm.example'], ['Li', '张伟', 'Call']);

test.each([
  ['a number however it is written', 'ring 138-1234 5678 or 86 138 1234 5678!', `ring ${ERASED} or ${ERASED}!`],
  ['an address in any case', 'to LI@FIRM.example.', `to ${ERASED}.`],
  ['a name as a word, not inside one', 'Li has a limit', `${ERASED} has a limit`],
  ['a Chinese name anywhere', '请联系张伟先生', `请联系${ERASED}先生`],
  ['a longer number is somebody else', '138123456789', '138123456789'],
  ['a word of the product stays, though somebody is called so', 'call', 'call'],
])('%s', (_rule, text, rest) => {
  expect(scrub(text, traces)).toBe(rest);
});

test('in JSON values go and keys stay; a number that is the phone number goes too', () => {
  expect(scrub({ li: ['Li', 5, { name: 'call', phone: 13812345678 }], at: null }, traces)).toEqual({
    li: [ERASED, 5, { name: ERASED, phone: ERASED }],
    at: null,
  });
});

test('rows that name no lead are looked for by addresses and the end of numbers, never by names', () => {
  expect(searchable(['+8613812345678', 'Li@firm.example', '张伟', 'wx-1'])).toEqual(['li@firm.example', '812345678']);
});

test('nothing known of the person: nothing is changed', () => {
  expect(scrub({ a: 'Li' }, tracesOf([], ['']))).toEqual({ a: 'Li' });
});
