import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCalendar } from '../../../adapters/yaml/read-calendar.ts';
import { noCancelAhead } from '../../../domain/market/no-cancel.ts';
import { shippedCalendar } from '../../fakes/calendars.ts';

const XNYS = shippedCalendar('XNYS');
const ahead = (at: string, calendar = XNYS) => {
  const window = noCancelAhead(calendar, new Date(at));
  return window && [window.from.toISOString(), window.to.toISOString()];
};
const auction = (day: string, hour: number) => [`${day}T${hour - 1}:50:00.000Z`, `${day}T${hour}:00:00.000Z`];

describe('noCancelAhead', () => {
  it('tells the window of the day while it is to come and while it runs, and none after it', () => {
    assert.deepEqual(ahead('2026-11-24T15:00:00Z'), auction('2026-11-24', 21));
    assert.deepEqual(ahead('2026-11-24T20:55:00Z'), auction('2026-11-24', 21));
    assert.equal(ahead('2026-11-24T21:00:00Z'), undefined);
  });

  it('is as much earlier as the close is on a short day, and is not on a holiday or at a weekend', () => {
    assert.deepEqual(ahead('2026-11-27T15:00:00Z'), auction('2026-11-27', 18));
    assert.equal(ahead('2026-11-26T15:00:00Z'), undefined);
    assert.equal(ahead('2026-11-28T15:00:00Z'), undefined);
  });

  it('is on the clocks of the venue, in summer too', () => {
    assert.deepEqual(ahead('2026-07-01T15:00:00Z'), auction('2026-07-01', 20));
  });

  it('tells the first of several', () => {
    const noCancel = [
      { days: ['TUE' as const], from: '15:50', to: '16:00', name: 'closing auction' },
      { days: ['TUE' as const], from: '09:20', to: '09:30', name: 'opening auction' },
    ];

    assert.equal(noCancelAhead({ ...XNYS, noCancel }, new Date('2026-11-24T12:00:00Z'))?.name, 'opening auction');
  });

  it('is nothing where the calendar names none', () => {
    assert.equal(ahead('2026-11-24T15:00:00Z', shippedCalendar('XSIM')), undefined);
  });
});

describe('a calendar file', () => {
  const file = (noCancel: string) =>
    [
      'mic: XABC\nname: A venue\ntimeZone: UTC\ncovers: { from: 2026-01-01, to: 2026-12-31 }',
      "sources:\n  - { years: '2026', basis: made-up, from: a test }",
      "sessions:\n  - { days: [MON, TUE], open: '09:00', close: '17:00' }",
      `noCancel:\n  - ${noCancel}`,
    ].join('\n');
  const read = (noCancel: string) => readCalendar(file(noCancel), 'config/venues/xabc.yaml');

  it('names when a venue takes no cancels', () => {
    const { noCancel } = read("{ days: [MON], from: '16:50', to: '17:00', name: closing auction }");

    assert.deepEqual(noCancel, [{ days: ['MON'], from: '16:50', to: '17:00', name: 'closing auction' }]);
  });

  it('is refused for a window that ends before it begins, or lies where nothing is traded, with its line', () => {
    const wrong = () => read("{ days: [MON, SUN], from: '17:00', to: '16:50', name: closing auction }");

    assert.throws(wrong, /xabc\.yaml:10:\d+: noCancel\.0\.to: 16:50 is not after 17:00/);
    assert.throws(wrong, /xabc\.yaml:10:\d+: noCancel\.0\.days: nothing is traded on SUN/);
  });
});
