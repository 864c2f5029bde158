import fc from 'fast-check';
import pg from 'pg';
import { instantReader } from './database';

const driver = (oid: number) => pg.types.getTypeParser(oid, 'text') as (text: string) => unknown;
const [timestamp, timestamptz] = [instantReader(1114), instantReader(1184)];

test.each([
  '2026-03-02 02:00:00+00',
  '2026-03-02 02:00:00.5+00',
  '2026-03-02 02:00:00.05+00',
  '2026-03-02 02:00:00.123456+00',
  '2026-12-31 23:59:59.999+00',
  '1969-07-20 20:17:40+00',
  '0099-01-01 00:00:00+00',
  '2026-03-02 10:00:00+08',
  '2026-03-02 02:00:00-03:30',
  '0044-03-15 12:00:00+00 BC',
  '12026-03-02 02:00:00+00',
  'infinity',
  '-infinity',
  '2026-03-02 02:00:00.123456',
  '2026-03-29 02:30:00',
  '0099-01-01 00:00:00',
])('%s is read as the driver reads it', (text) => {
  expect(timestamptz(text)).toEqual(driver(1184)(text));
  expect(timestamp(text)).toEqual(driver(1114)(text));
});

test('every instant the database writes in UTC is read back, to the millisecond', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      const text = `${date
        .toISOString()
        .replace('T', ' ')
        .replace('Z', '')
        .replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros))}+00`;
      expect(timestamptz(text)).toEqual(date);
    }),
  );
});
