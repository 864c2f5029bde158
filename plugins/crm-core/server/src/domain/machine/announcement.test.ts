import fc from 'fast-check';
import { announcements, MAX_LISTED_EVENTS, MAX_PAYLOAD_BYTES, readAnnouncement, type LiveEvent } from './announcement';

const event = (eventId: number, subject = 'lead'): LiveEvent => ({ subject, id: eventId * 7, type: 'lead.created', eventId });
const many = (count: number): LiveEvent[] => Array.from({ length: count }, (_, index) => event(index + 1));

test('no event, no payload', () => {
  expect(announcements([])).toEqual([]);
});

test('one event is one payload that reads back', () => {
  const [payload, ...rest] = announcements([event(5)]);
  expect(rest).toEqual([]);
  expect(readAnnouncement(payload!)).toEqual({ e: [event(5)] });
});

test('two hundred events are listed, in several payloads below the limit', () => {
  const payloads = announcements(many(MAX_LISTED_EVENTS));
  expect(payloads.length).toBeGreaterThan(1);
  expect(payloads.flatMap((payload) => (JSON.parse(payload) as { e: LiveEvent[] }).e)).toEqual(many(MAX_LISTED_EVENTS));
});

test('one more collapses to a range per subject', () => {
  const events = [...many(MAX_LISTED_EVENTS), event(9000, 'account')];
  expect(announcements(events).map((payload) => readAnnouncement(payload))).toEqual([
    { bulk: true, subject: 'lead', fromId: 1, toId: MAX_LISTED_EVENTS },
    { bulk: true, subject: 'account', fromId: 9000, toId: 9000 },
  ]);
});

test('whatever the names, nothing is lost, reordered or longer than the limit in bytes', () => {
  const arbitrary = fc.array(
    fc.record({
      subject: fc.string({ unit: 'grapheme', maxLength: 40 }),
      id: fc.nat(),
      type: fc.string({ unit: 'grapheme', maxLength: 60 }),
      eventId: fc.nat(),
    }),
    { maxLength: MAX_LISTED_EVENTS },
  );
  fc.assert(
    fc.property(arbitrary, (events) => {
      const payloads = announcements(events);
      expect(payloads.every((payload) => Buffer.byteLength(payload) <= MAX_PAYLOAD_BYTES)).toBe(true);
      expect(payloads.flatMap((payload) => (JSON.parse(payload) as { e: LiveEvent[] }).e)).toEqual(events);
    }),
    { numRuns: 200 },
  );
});

test.each(['', '{', '[]', 'null', '7', '{"bulk":true}', '{"bulk":true,"subject":"lead","fromId":"1","toId":2}'])(
  'a foreign payload %j is refused',
  (payload) => {
    expect(readAnnouncement(payload)).toBeNull();
  },
);
