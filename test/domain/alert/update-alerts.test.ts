import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Tracked } from '../../../domain/alert/alert.ts';
import { alertChange } from '../../../domain/alert/alert-change.ts';
import { continueAlert } from '../../../domain/alert/continue-alert.ts';
import { UNJUDGED, unjudged } from '../../../domain/alert/is-unjudged.ts';
import { updateAlerts } from '../../../domain/alert/update-alerts.ts';
import { type MonitorFinding, MonitorLevel } from '../../../domain/monitor/finding.ts';
import { START, STRATEGY } from '../../fakes/world.ts';

const SETTINGS = { resolveAfterSeconds: 30, recountSeconds: 60 };
const at = (second: number): Date => new Date(START.getTime() + second * 1_000);
const iso = (second: number): string => at(second).toISOString();

const finding = (level: MonitorLevel, more: Partial<MonitorFinding> = {}): MonitorFinding => ({
  ...{ strategyId: STRATEGY, rule: 'heartbeat', subject: 'riskService@btc-momentum-1', level, detail: 'no beat' },
  ...(level === 'act' && { action: 'halt' }),
  ...more,
});

/** A watch whose store takes everything at once: a look each second, and what it writes. */
function watch() {
  let tracked: Tracked[] = [];
  let second = 0;
  const writes: string[] = [];
  const look = (...findings: MonitorFinding[]) => {
    tracked = updateAlerts(tracked, findings, SETTINGS, at(second)).map((each) => {
      const change = alertChange(each, SETTINGS, at(second));
      if (!change) return each;
      writes.push(`${second} ${change} ${each.alert.level}`);
      return { ...each, stored: each.alert };
    });
    second += 1;
    return tracked[0]?.alert;
  };
  const looks = (times: number, ...findings: MonitorFinding[]) => {
    for (let index = 0; index < times; index += 1) look(...findings);
  };
  /** What a log hears of. */
  const news = () => writes.filter((each) => !each.includes('recounted'));
  return {
    look,
    looks,
    writes,
    news,
    now: () => tracked,
    alert: () => tracked[0]?.alert ?? assert.fail('there is none'),
  };
}

describe('an alert', () => {
  it('opens with the first look where it pages or acts, and counts from when the trouble began', () => {
    const { look, writes } = watch();

    const alert = look(finding('act', { since: iso(-6) }));

    assert.deepEqual(writes, ['0 opened act']);
    assert.deepEqual(
      [alert?.id, alert?.action, alert?.since, alert?.detectedAt, alert?.reached],
      ['btc-momentum/heartbeat/riskService@btc-momentum-1', 'halt', iso(-6), iso(0), { since: iso(-6), at: iso(0) }],
    );
  });

  it('says that nothing began after it was found, whatever the clock of an engine says', () => {
    assert.equal(watch().look(finding('page', { since: iso(60) }))?.since, iso(0));
  });

  it('opens for a warning that two looks find one after the other, and forgets one that a single look finds', () => {
    const [once, twice] = [watch(), watch()];

    once.look(finding('warn'));
    once.look();
    once.look(finding('warn'));
    twice.looks(2, finding('warn'));

    assert.deepEqual(once.writes, []);
    assert.deepEqual(twice.writes, ['1 opened warn']);
    assert.equal(twice.alert().reached.at, iso(0));
  });

  it('climbs at once, each level from when it was not that bad yet', () => {
    const { looks, writes, alert } = watch();

    looks(2, finding('warn', { since: iso(-3) }));
    looks(1, finding('page', { since: iso(-3) }));
    looks(1, finding('act', { since: iso(-3) }));

    assert.deepEqual(writes, ['1 opened warn', '2 climbed page', '3 climbed act']);
    assert.deepEqual([alert().since, alert().reached], [iso(-3), { since: iso(2), at: iso(3) }]);
  });

  it('climbs too where a stronger action is asked for at the same level, and keeps the strongest', () => {
    const { looks, writes, alert } = watch();

    looks(1, finding('act', { action: 'throttle' }));
    looks(1, finding('act', { action: 'halt' }));
    looks(5, finding('act', { action: 'throttle' }));

    assert.deepEqual(writes, ['0 opened act', '1 climbed act']);
    assert.equal(alert().action, 'halt');
  });

  it('comes down to the worst of late once that has lasted, and asks for nothing then', () => {
    const { looks, news, alert } = watch();

    looks(1, finding('act'));
    looks(15, finding('warn'));
    looks(1, finding('page'));
    looks(15, finding('warn'));

    assert.deepEqual(news(), ['0 opened act', '31 eased page']);
    assert.deepEqual([alert().level, alert().action, alert().relapses], ['page', undefined, 1]);
  });

  it('is over when nothing finds it for thirty seconds, and not when it flutters', () => {
    const { look, looks, news } = watch();

    looks(1, finding('page'));
    looks(29);
    look(finding('page'));
    looks(30);
    assert.deepEqual(news(), ['0 opened page']);
    look();

    assert.deepEqual(news(), ['0 opened page', '61 resolved page']);
    assert.equal(look(), undefined);
  });

  it('opens anew where the trouble comes back right after it was written off', () => {
    const { look, looks, news } = watch();

    looks(1, finding('page'));
    looks(31);
    look(finding('page'));

    assert.deepEqual(news(), ['0 opened page', '31 resolved page', '32 opened page']);
  });

  it('is written as quiet once that has lasted three seconds, and at once when it is not, so that the next watch can go on', () => {
    const { look, looks, now, writes } = watch();
    const known = () => [now()[0]?.stored?.goodSince, now()[0]?.stored?.milder];

    look(finding('act'));
    for (let flutter = 0; flutter < 10; flutter += 1) {
      looks(2, finding('warn'));
      look(finding('act'));
      looks(2);
      look(finding('act'));
    }
    assert.deepEqual(writes, ['0 opened act', '60 recounted act']);
    looks(4);
    assert.deepEqual(known(), [iso(61), { since: iso(61), level: 'warn' }]);
    look(finding('warn'));
    assert.deepEqual(known(), [undefined, { since: iso(61), level: 'warn' }]);
    look(finding('page'));
    assert.deepEqual(known(), [undefined, { since: iso(61), level: 'page' }]);
    look(finding('act'));
    assert.deepEqual(known(), [undefined, undefined]);
  });

  it('is not over while its rule, or its strategy, cannot be judged', () => {
    for (const subject of [UNJUDGED, unjudged('heartbeat')]) {
      const { looks, writes } = watch();
      looks(1, finding('page'));
      looks(100, finding('page', { rule: 'telemetry', subject }));
      assert.ok(!writes.some((each) => each.includes('resolved')), subject);
    }
    const { looks, writes } = watch();
    looks(1, finding('page'));
    looks(100, finding('page', { rule: 'telemetry', subject: unjudged('clock') }));
    assert.ok(writes.includes('31 resolved page'));
  });

  it('is one however many findings there are, with the worst of each look, and is written once a minute', () => {
    const { looks, look, writes, now, alert } = watch();

    look(...Array.from({ length: 10_000 }, (_, index) => finding(index === 7 ? 'act' : 'warn')));
    assert.deepEqual([alert().level, alert().count], ['act', 10_000]);
    looks(10_000, finding('act'));

    assert.deepEqual([now().length, alert().count, alert().level], [1, 20_000, 'act']);
    assert.equal(writes.filter((each) => !each.includes('recounted')).length, 1);
    assert.equal(writes.length, 1 + Math.floor(10_000 / 60));
  });
});

describe('whatever is found, in whatever order,', () => {
  const level = fc.option(fc.constantFrom(...MonitorLevel.options), { nil: undefined });
  const phases = fc.array(fc.tuple(level, fc.integer({ min: 1, max: 70 })), { maxLength: 60 });
  const every = (judge: (at: readonly (MonitorLevel | undefined)[]) => void) =>
    fc.assert(
      fc.property(phases, (all) => judge(all.flatMap(([each, times]) => Array(times).fill(each)))),
      { seed: 71, numRuns: 60 },
    );

  it('an alert is never milder than what is found now, nor than anything of the last thirty seconds', () =>
    every((levels) => {
      const { look } = watch();
      const alerts = levels.map((each) => look(...(each ? [finding(each)] : [])));
      const rank = (each: MonitorLevel | undefined) => (each ? MonitorLevel.options.indexOf(each) : -1);

      for (const [second, alert] of alerts.entries()) {
        const late = levels.slice(Math.max(0, second - 29), second + 1).map(rank);
        const worst = Math.max(rank(levels[second]), ...late.filter((each) => each > 0)); // a warning of one look is forgotten
        assert.ok(rank(alert?.level) >= worst, `${second}: ${alert?.level}`);
      }
    }));

  it('people hear a bounded number of times: a few at first, then once in five minutes for each end', () =>
    every((levels) => {
      const { look, writes } = watch();
      for (const each of levels) look(...(each ? [finding(each)] : []));
      const ends = writes.filter((each) => /resolved|eased/.test(each)).length;
      const news = writes.filter((each) => /opened|climbed/.test(each)).length;

      assert.ok(news <= 3 * (ends + 1), writes.join(', '));
    }));

  it('flutter alone ends less and less often: a thousand breaches of a second half a minute apart are a few alerts', () => {
    const { look, looks, writes } = watch();

    for (let index = 0; index < 1_000; index += 1) {
      look(finding('page'));
      look(finding('act'));
      looks(31, finding('warn'));
    }

    assert.ok(writes.filter((each) => !each.includes('recounted')).length <= 12, writes.join(', '));
  });
});

describe('an alert that the watch took for new', () => {
  const fresh = (level: MonitorLevel, second: number) => ({
    alert: updateAlerts([], [finding(level)], SETTINGS, at(second))[0]?.alert ?? assert.fail(),
  });
  const storedAs = (level: MonitorLevel, more = {}) => ({ ...fresh(level, 0).alert, count: 7, version: 3, ...more });

  it('stays new where the store knows none, or one that was over long before', () => {
    const old = storedAs('act', { resolvedAt: iso(10) });

    assert.deepEqual(continueAlert(fresh('page', 400), undefined), { ...fresh('page', 400), stored: undefined });
    assert.deepEqual(continueAlert(fresh('page', 400), old), { ...fresh('page', 400), stored: old });
  });

  it('goes on with one that another watch has opened, at the worse of both', () => {
    const worse = continueAlert(fresh('page', 20), storedAs('act')).alert;
    const milder = continueAlert(fresh('act', 20), storedAs('warn')).alert;
    const same = continueAlert(fresh('act', 20), storedAs('act', { action: 'kill' })).alert;

    assert.deepEqual([worse.level, worse.action, worse.count, worse.openedAt], ['act', 'halt', 8, iso(0)]);
    assert.deepEqual([worse.milder, worse.reached.at], [{ since: iso(20), level: 'page' }, iso(0)]);
    assert.deepEqual([milder.level, milder.count, milder.reached.at, milder.milder], ['act', 8, iso(20), undefined]);
    assert.deepEqual([same.action, same.milder], ['kill', undefined]);
  });

  it('is the same trouble where that was over less than five minutes ago: it has to stay away twice as long', () => {
    const { alert, stored } = continueAlert(fresh('page', 200), storedAs('act', { resolvedAt: iso(100) }));

    assert.deepEqual([alert.level, alert.openedAt, alert.count, alert.relapses], ['page', iso(0), 8, 1]);
    assert.equal(alert.foundSince, iso(200), 'it has not lasted since the first time');
    assert.equal(alertChange({ alert, stored }, SETTINGS, at(200)), 'opened');
  });

  it('is over where somebody else has resolved it and nobody finds it', () => {
    const { alert } = fresh('page', 0);
    const resolved = storedAs('page', { resolvedAt: iso(50) });
    const good = { alert: { ...alert, goodSince: iso(60) }, stored: alert };

    assert.equal(alertChange(continueAlert(good, resolved), SETTINGS, at(60)), undefined);
    assert.equal(alertChange(continueAlert({ alert, stored: alert }, resolved), SETTINGS, at(60)), 'opened');
  });
});
