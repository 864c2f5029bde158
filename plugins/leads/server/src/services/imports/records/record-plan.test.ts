import type { CustomField } from '@leadsea/crm-core';
import { STANDARD_LIFECYCLE } from '../../../../../contracts';
import type { ImportRow } from '../../../domain/files';
import type { RowResult } from '../entity';
import type { ColumnMapping, ImportOptions } from '../schema';
import { ACTIVITY_TARGETS } from './activity-targets';
import { DEAL_TARGETS } from './deal-targets';
import { compileRecords, type RecordDraft, type RecordTargets } from './record-plan';

const field = (key: string, type: CustomField['type'], more: Partial<CustomField> = {}): CustomField => ({
  ...{ id: 1, entity: 'opportunity', key, type, label: { zh: key, en: key }, options: [], required: false, defaultValue: null },
  ...{ validation: {}, section: 'custom', position: 1, visibleWhen: null, pii: false, indexed: false, retired: false },
  ...more,
});
const FIELDS = [field('tier', 'select', { options: [{ value: 'gold', label: { zh: '金', en: 'Gold' } }] }), field('margin', 'number')];

function read(
  targets: RecordTargets,
  columns: Record<string, string | Omit<ColumnMapping, 'column'>>,
  cells: Record<string, string>,
  options: ImportOptions = {},
): RowResult<RecordDraft> {
  const mapping = Object.entries(columns).map(([column, to]) => ({ column, ...(typeof to === 'string' ? { target: to } : to) }));
  const row: ImportRow = { row: 1, line: 2, cells, raw: Object.values(cells), problem: null };
  return compileRecords(targets)({ mapping, options, fields: FIELDS, graph: STANDARD_LIFECYCLE, externalSource: 'old' })(row);
}
const values = (found: RowResult<RecordDraft>): unknown => (found.ok ? { ...found.change.values, ...found.change.custom } : found);

describe('a row of a file of deals', () => {
  const columns = { who: 'leadPhone', sum: 'amount', money: 'currency', when: 'expectedAt', at: 'state', tier: 'custom.tier' };

  test('is read by the types of its targets, blanks left out', () => {
    const cells = { who: '138 0013 8000', sum: '12,500.5', money: '¥', when: '2031-02-03', at: '赢单', tier: '金' };
    expect(values(read(DEAL_TARGETS, columns, cells, { timeZone: 'Asia/Shanghai' }))).toEqual({
      ...{
        leadPhone: '138 0013 8000',
        amount: '12500.50',
        currency: 'CNY',
        expectedAt: '2031-02-02T16:00:00.000Z',
        state: 'won',
        tier: 'gold',
      },
    });
    expect(values(read(DEAL_TARGETS, columns, { who: 'x', sum: ' ', money: '', when: '', at: '', tier: '' }))).toEqual({ leadPhone: 'x' });
  });

  test.each([
    [{ sum: 'a lot' }, 'NUMBER_INVALID', 'sum'],
    [{ sum: '-1' }, 'AMOUNT_NEGATIVE', 'sum'],
    [{ sum: '1e15' }, 'NUMBER_TOO_LARGE', 'sum'],
    [{ money: 'Taler' }, 'CURRENCY_UNKNOWN', 'money'],
    [{ when: 'soon' }, 'DATE_INVALID', 'when'],
    [{ at: 'Negotiation' }, 'OPTION_UNKNOWN', 'at'],
    [{ tier: 'Silver' }, 'OPTION_UNKNOWN', 'tier'],
  ] as const)('%j is refused with the column that is wrong', (cells, code, column) => {
    expect(read(DEAL_TARGETS, columns, cells)).toMatchObject({ ok: false, code, column });
  });

  test('an option that only a field of one’s own lacks may be added; the states of a deal are fixed', () => {
    expect(read(DEAL_TARGETS, columns, { tier: 'Silver' })).toMatchObject({ option: { field: 'tier', text: 'Silver' } });
    expect(read(DEAL_TARGETS, columns, { at: 'Silver' })).not.toHaveProperty('option');
  });

  test('the stages of another system are mapped one by one, or all others stand for one state', () => {
    const at = (options: ColumnMapping['options'], text: string): unknown =>
      values(read(DEAL_TARGETS, { at: { target: 'state', options } }, { at: text }));
    expect(at({ otherwise: 'open' }, 'Negotiation')).toEqual({ state: 'open' });
    expect(at({ otherwise: 'open' }, 'Closed Won')).toEqual({ state: 'won' });
    expect(at({ optionMap: { Dead: 'lost', Parked: null } }, 'dead')).toEqual({ state: 'lost' });
    expect(at({ optionMap: { Dead: 'lost', Parked: null } }, 'Parked')).toEqual({});
  });

  test('values for rows that say nothing fill blanks and nothing else', () => {
    const defaults = { currency: 'EUR', 'custom.margin': 7 };
    expect(values(read(DEAL_TARGETS, columns, { who: 'x' }, { defaults }))).toEqual({ leadPhone: 'x', currency: 'EUR', margin: 7 });
    expect(values(read(DEAL_TARGETS, columns, { money: 'usd' }, { defaults }))).toMatchObject({ currency: 'USD' });
  });

  test('a row that is broken or an id that is none is refused', () => {
    expect(read(DEAL_TARGETS, { no: 'id' }, { no: '0' })).toMatchObject({ ok: false, code: 'ID_INVALID' });
    expect(read(DEAL_TARGETS, { no: 'id' }, { no: '99999999999' })).toMatchObject({ ok: false });
  });
});

describe('a row of a file of follow-ups', () => {
  test.each([
    ['电话', 'call'],
    ['Phone call', 'call'],
    ['微信', 'message'],
    ['上门拜访', 'visit'],
    ['E-Mail', 'mail'],
    ['会议', 'meeting'],
    ['Note', 'note'],
  ])('%s is a %s', (text, kind) => {
    expect(values(read(ACTIVITY_TARGETS, { how: 'kind' }, { how: text }))).toEqual({ kind });
  });

  test('durations are read as people write them, in the unit of their column', () => {
    const of = (target: string, text: string): unknown => values(read(ACTIVITY_TARGETS, { long: target }, { long: text }));
    expect(of('durationSeconds', '2分5秒')).toEqual({ durationSeconds: 125 });
    expect(of('durationMinutes', '2.5')).toEqual({ durationMinutes: 150 });
    expect(of('durationSeconds', '25:00:00')).toMatchObject({ ok: false, code: 'DURATION_INVALID' });
  });

  test('a text keeps its lines', () => {
    expect(values(read(ACTIVITY_TARGETS, { said: 'note' }, { said: 'one\ntwo' }))).toEqual({ note: 'one\ntwo' });
  });
});
