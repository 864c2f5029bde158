import type { FormLayout, ListLayout } from '@leadsea/crm-core/contracts/layout';
import fc from 'fast-check';
import { changeSection, moveColumn, moveField, OFF, placedFields, placeOf, sectionKey } from './body';

const label = { zh: '一', en: 'One' };
const form: FormLayout = {
  sections: [
    { key: 'part1', label, fields: ['name', 'email'] },
    { key: 'part2', label, fields: ['company'] },
  ],
};
const list: ListLayout = { columns: [{ field: 'name', width: 200 }, { field: 'score' }], sort: ['score', 'DESC'] };
const off = ['city', 'custom.budget'];

describe('a field that is moved on a form', () => {
  test('within a section, to another one, off the form and onto it', () => {
    const fields = (body: FormLayout): unknown => body.sections.map((section) => section.fields);
    expect(fields(moveField(form, off, { list: 0, index: 0 }, { list: 0, index: 1 }))).toEqual([['email', 'name'], ['company']]);
    expect(fields(moveField(form, off, { list: 0, index: 1 }, { list: 1, index: 0 }))).toEqual([['name'], ['email', 'company']]);
    expect(fields(moveField(form, off, { list: 1, index: 0 }, { list: OFF, index: 0 }))).toEqual([['name', 'email'], []]);
    expect(fields(moveField(form, off, { list: OFF, index: 1 }, { list: 1, index: 1 }))).toEqual([
      ['name', 'email'],
      ['company', 'custom.budget'],
    ]);
  });

  test('that is not there leaves the form as it is', () => {
    expect(moveField(form, off, { list: 5, index: 0 }, { list: 0, index: 0 })).toBe(form);
  });

  test('is never lost and never stands twice', () => {
    const place = fc.oneof(
      fc.record({ list: fc.constantFrom<0 | 1>(0, 1), index: fc.nat(3) }),
      fc.record({ list: fc.constant<typeof OFF>(OFF), index: fc.nat(1) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { maxLength: 20 }), (moves) => {
        const all = ['name', 'email', 'company', ...off];
        let body = form;
        for (const [from, to] of moves) {
          const rest = all.filter((name) => !placedFields(body).includes(name));
          body = moveField(body, rest, from, to);
        }
        const placed = placedFields(body);
        expect(new Set(placed).size).toBe(placed.length);
        expect(placed.every((name) => all.includes(name))).toBe(true);
      }),
    );
  });
});

describe('a column that is moved on a list', () => {
  test('keeps its width and leaves the order of rows alone', () => {
    expect(moveColumn(list, off, { list: 0, index: 0 }, { list: 0, index: 1 })).toEqual({
      columns: [{ field: 'score' }, { field: 'name', width: 200 }],
      sort: ['score', 'DESC'],
    });
    expect(placedFields(moveColumn(list, off, { list: OFF, index: 0 }, { list: 0, index: 1 }))).toEqual(['name', 'city', 'score']);
    expect(placedFields(moveColumn(list, off, { list: 0, index: 1 }, { list: OFF, index: 0 }))).toEqual(['name']);
  });
});

test('a new section has a key no other has; changing one leaves the others', () => {
  expect(sectionKey(form)).toBe('part3');
  expect(sectionKey({ sections: [{ key: 'part2', label, fields: [] }] })).toBe('part3');
  expect(changeSection(form, 1, { columns: 1 }).sections).toEqual([form.sections[0], { ...form.sections[1], columns: 1 }]);
});

test('places have names', () => {
  expect([placeOf('off', 1), placeOf('columns', 2), placeOf('section:3', 0)]).toEqual([
    { list: OFF, index: 1 },
    { list: 0, index: 2 },
    { list: 3, index: 0 },
  ]);
});
