import fc from 'fast-check';
import { columnsRead, rowText } from './row-text';

describe('the text of a row', () => {
  it('reads back as the row without what is empty', () => {
    const row = {
      id: 7,
      name: 'Łukasz "L" \\ 王',
      note: 'two\nlines\u2028three',
      email: null,
      score: 0,
      share: 0.5,
      is_test: false,
      captured_at: new Date('2026-03-01T08:00:00Z'),
      custom: { budget: 3, deep: ['a', { b: null }] },
      missing: undefined,
    };
    const { email: _email, missing: _missing, ...filled } = row;
    expect(JSON.parse(rowText(row))).toEqual({ ...filled, captured_at: '2026-03-01T08:00:00.000Z' });
    expect(rowText({})).toBe('{}');
  });

  it('is for any text what JSON makes of it, without what the database refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = (JSON.parse(rowText({ text })) as { text: string }).text;
        expect(read).toBe(text.replaceAll('\u0000', ''));
      }),
    );
    expect(JSON.parse(rowText({ text: 'a\u0000b\ud800c' }))).toEqual({ text: 'ab\ufffdc' });
  });
});

describe('the columns a statement reads', () => {
  it('are those named under the alias', () => {
    expect(columnsRead('l.id, (l.score > ?) AND lower(l.city) = ANY(?) AND l."x" IS NULL', 'l')).toBeNull();
    expect(columnsRead('l.id, (l.score > ?) AND lower(l.city) = ANY(?)', 'l')).toEqual(['id', 'score', 'city']);
    expect(columnsRead('EXISTS (SELECT 1 FROM crm_accounts a WHERE a.id = l.account_id)', 'l')).toEqual(['id', 'account_id']);
    expect(columnsRead("(l.custom->>'budget')::numeric", 'l')).toEqual(['id', 'custom']);
  });

  it('are any where the row itself is used, or the alias stands for something else', () => {
    expect(columnsRead('to_jsonb(l)', 'l')).toBeNull();
    expect(columnsRead('l.*', 'l')).toBeNull();
    expect(columnsRead('EXISTS (SELECT 1 FROM crm_leads l WHERE l.id = 1)', 'l')).toBeNull();
    expect(columnsRead('l.lower(x)', 'l')).toBeNull();
  });
});
