import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSchedule } from '../../../local/schedule/parse-schedule.ts';
import { translateCron } from '../../../local/schedule/translate-cron.ts';

const monday = new Date('2026-11-23T00:00:00Z');
const next = (expression: string, timeZone = 'UTC', after = monday) =>
  parseSchedule(expression, timeZone, monday)(after)?.toISOString();

describe('translateCron', () => {
  const table: [string, string][] = [
    ['0 9 ? * MON-FRI *', '0 0 9 * * MON-FRI *'],
    ['*/5 8-17 ? * 2-6 *', '0 */5 8-17 * * 1-5 *'],
    ['0 18 ? * 1,7 *', '0 0 18 * * 0,6 *'],
    ['0 10 ? * 6#3 *', '0 0 10 * * 5#3 *'],
    ['0 10 ? * 6L *', '0 0 10 * * 5L *'],
    ['0 0 L * ? *', '0 0 0 L * * *'],
    ['0 8 1W * ? *', '0 0 8 1W * * *'],
    ['0/5 2/2 ? * 2/2 *', '0 0-59/5 2-23/2 * * 1-6/2 *'],
    ['0 12 1/7 * ? 2026/2', '0 0 12 1-31/7 * * 2026-2199/2'],
  ];
  for (const [eventBridge, croner] of table) {
    it(`writes ${eventBridge} as ${croner}`, () => assert.equal(translateCron(eventBridge), croner));
  }

  const refused = [
    '0 9 * * *',
    '0 9 * * MON *',
    '0 9 ? * ? *',
    '0 9 ? * L *',
    '0 9 L-1 * ? *',
    '0 9 ? * 0 *',
    '0 9 ? * 8 *',
  ];
  for (const expression of refused) {
    it(`refuses ${expression}`, () => assert.throws(() => translateCron(expression), { message: /cron\(/ }));
  }
});

describe('parseSchedule', () => {
  const firstHits: [string, string, string][] = [
    ['cron(0 9 ? * MON-FRI *)', 'America/New_York', '2026-11-23T14:00:00.000Z'],
    ['cron(*/5 8-17 ? * 2-6 *)', 'UTC', '2026-11-23T08:00:00.000Z'],
    ['cron(0 18 ? * 1,7 *)', 'UTC', '2026-11-28T18:00:00.000Z'],
    ['cron(0 10 ? * 6#3 *)', 'UTC', '2026-12-18T10:00:00.000Z'],
    ['cron(0 10 ? * 6L *)', 'UTC', '2026-11-27T10:00:00.000Z'],
    ['cron(0 0 L * ? *)', 'UTC', '2026-11-30T00:00:00.000Z'],
    ['cron(0 8 1W * ? *)', 'UTC', '2026-12-01T08:00:00.000Z'],
    ['at(2026-12-24T18:00:00)', 'America/New_York', '2026-12-24T23:00:00.000Z'],
    ['rate(5 minutes)', 'UTC', '2026-11-23T00:05:00.000Z'],
  ];
  for (const [expression, timeZone, first] of firstHits) {
    it(`fires ${expression} in ${timeZone} first at ${first}`, () => assert.equal(next(expression, timeZone), first));
  }

  it('counts a rate from when the schedule began, however late one looks', () => {
    assert.equal(next('rate(1 hour)', 'UTC', new Date('2026-11-23T05:59:59Z')), '2026-11-23T06:00:00.000Z');
    assert.equal(next('rate(1 hour)', 'UTC', new Date('2026-11-23T06:00:00Z')), '2026-11-23T07:00:00.000Z');
  });

  it('has no next time after at(...)', () => assert.equal(next('at(2026-11-22T00:00:00)'), undefined));

  for (const wrong of [
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'every 5 minutes',
    'cron(61 * ? * * *)',
    'at(soon)',
  ]) {
    it(`refuses ${wrong}`, () => assert.throws(() => next(wrong)));
  }

  it('refuses a time zone that does not exist', () =>
    assert.throws(() => next('cron(0 9 ? * * *)', 'Europe/Atlantis')));
});
