import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { earliestMoment } from '../../../domain/market/earliest-moment.ts';
import { clocksOf } from '../../../domain/market/zoned-time.ts';

/** Both hemispheres, forward and back, whole hours and half ones, and a change at midnight. */
const CHANGES = [
  // clocks skip it: the moment before the change that is as far from it
  ['Europe/London', '2026-03-29', '01:30', '2026-03-29T00:30:00.000Z', 'never'],
  ['America/New_York', '2026-03-08', '02:30', '2026-03-08T06:30:00.000Z', 'never'],
  ['Australia/Sydney', '2026-10-04', '02:30', '2026-10-03T15:30:00.000Z', 'never'],
  ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:15:00.000Z', 'never'],
  ['America/Santiago', '2026-09-06', '00:30', '2026-09-06T03:30:00.000Z', 'never'],
  ['Africa/Cairo', '2026-04-24', '00:30', '2026-04-23T21:30:00.000Z', 'never'],
  // clocks show it twice: the first of the two
  ['Europe/London', '2026-10-25', '01:30', '2026-10-25T00:30:00.000Z', 'twice'],
  ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z', 'twice'],
  ['Australia/Sydney', '2026-04-05', '02:30', '2026-04-04T15:30:00.000Z', 'twice'],
  ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45:00.000Z', 'twice'],
  // beside a change there is nothing to choose
  ['Europe/London', '2026-03-29', '02:00', '2026-03-29T01:00:00.000Z', 'once'],
  ['Europe/London', '2026-10-25', '02:00', '2026-10-25T02:00:00.000Z', 'once'],
  ['Asia/Tokyo', '2026-03-29', '01:30', '2026-03-28T16:30:00.000Z', 'once'],
  ['Asia/Kolkata', '2026-07-01', '09:15', '2026-07-01T03:45:00.000Z', 'once'],
] as const;

describe('earliestMoment', () => {
  for (const [timeZone, date, time, expected, shown] of CHANGES)
    it(`${date} ${time} ${timeZone}, which its clocks show ${shown}, is ${expected}`, () => {
      const moment = earliestMoment(timeZone, date, time);

      assert.deepEqual([moment.at.toISOString(), moment.shown], [expected, shown]);
    });

  it('is no later than any moment at which the clocks show that time, and shows it unless they skip it', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Sydney', 'America/Santiago', 'Asia/Tokyo'),
        fc.integer({ min: 0, max: 730 }),
        fc.integer({ min: 0, max: 1439 }),
        (timeZone, day, minute) => {
          const date = new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10);
          const time = new Date(minute * 60_000).toISOString().slice(11, 16);
          const { at, shown } = earliestMoment(timeZone, date, time);

          const clocks = clocksOf(timeZone, at);
          const earlier = clocksOf(timeZone, new Date(at.getTime() - 3_600_000));
          assert.equal(`${clocks.date} ${clocks.time}` === `${date} ${time}`, shown !== 'never');
          assert.notEqual(`${earlier.date} ${earlier.time}`, `${date} ${time}`);
        },
      ),
      { seed: 41, numRuns: 500 },
    ));

  it('throws for a zone that is none', () => {
    assert.throws(() => earliestMoment('Europe/Nowhere', '2026-03-29', '01:30'), RangeError);
  });
});
