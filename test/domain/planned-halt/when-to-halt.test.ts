import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { whenToHalt } from '../../../domain/planned-halt/when-to-halt.ts';
import { Refusal } from '../../../domain/refusal.ts';

const when = (now: string, at: string, timeZone: string, on?: string) => {
  const moment = whenToHalt({ at, timeZone, ...(on !== undefined && { on }) }, new Date(now));
  return moment instanceof Refusal ? `${moment.code}: ${moment.message}` : [moment.at.toISOString(), moment.asked];
};

describe('whenToHalt', () => {
  it('is the next such time: later today, or tomorrow', () => {
    assert.deepEqual(when('2026-11-24T16:34:59Z', '16:35', 'Europe/London'), [
      '2026-11-24T16:35:00.000Z',
      '2026-11-24 16:35 Europe/London',
    ]);
    assert.deepEqual(when('2026-11-24T16:35:00Z', '16:35', 'Europe/London'), [
      '2026-11-25T16:35:00.000Z',
      '2026-11-25 16:35 Europe/London',
    ]);
  });

  it('is today on the clocks of the zone, whatever the date is elsewhere', () => {
    assert.deepEqual(when('2026-11-24T20:00:00Z', '06:00', 'Asia/Tokyo'), [
      '2026-11-24T21:00:00.000Z',
      '2026-11-25 06:00 Asia/Tokyo',
    ]);
  });

  it('is the time on a date, up to seven days ahead', () => {
    assert.deepEqual(when('2026-11-24T16:35:00Z', '16:35', 'Europe/London', '2026-12-01'), [
      '2026-12-01T16:35:00.000Z',
      '2026-12-01 16:35 Europe/London',
    ]);
    assert.match(
      String(when('2026-11-24T16:34:59Z', '16:35', 'Europe/London', '2026-12-01')),
      /more than 7 days ahead/,
    );
    assert.match(
      String(when('2026-11-24T16:35:00Z', '16:35', 'Europe/London', '2026-11-24')),
      /InvalidRequest: on: .* is over/,
    );
  });

  it('stops sooner rather than later where clocks skip the time, and says so', () => {
    const moment = whenToHalt({ at: '02:30', timeZone: 'America/New_York' }, new Date('2026-03-07T20:00:00Z'));

    assert.ok(!(moment instanceof Refusal));
    assert.equal(moment.at.toISOString(), '2026-03-08T06:30:00.000Z');
    assert.equal(moment.note, 'clocks skip 02:30 on 2026-03-08: it stops when they show 01:30, which is sooner');
  });

  it('is the day after where the skipped time of tomorrow, taken sooner, is over already', () => {
    const [at] = when('2026-04-23T21:45:00Z', '00:30', 'Africa/Cairo');

    assert.equal(at, '2026-04-24T21:30:00.000Z');
  });

  it('is never over, and never more than two days ahead where no date is given', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        fc.integer({ min: 0, max: 1439 }),
        fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo'),
        (now, minute, timeZone) => {
          const moment = whenToHalt({ at: new Date(minute * 60_000).toISOString().slice(11, 16), timeZone }, now);

          assert.ok(!(moment instanceof Refusal));
          assert.ok(moment.at > now && moment.at.getTime() - now.getTime() <= 2 * 86_400_000);
        },
      ),
      { seed: 42, numRuns: 500 },
    ));
});
