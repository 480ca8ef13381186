import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readMonitors } from '../../../adapters/yaml/read-monitors.ts';
import { StrategyId } from '../../../domain/ids.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { type Monitors, settingsFor } from '../../../domain/monitor/monitor-settings.ts';
import { MonitorsText, registerMonitors } from '../../../domain/monitor/register-monitors.ts';
import { thresholdChanges } from '../../../domain/review/threshold-changes.ts';
import { shippedMonitors } from '../../fakes/shipped-monitors.ts';
import { REGISTRATION, STRATEGY, type World, world } from '../../fakes/world.ts';

const SHIPPED = readFileSync(new URL('../../../config/monitors.yaml', import.meta.url), 'utf8');
const WATCHED = { strategies: [{ id: STRATEGY, primaryVenue: 'XSIM' }], venues: ['XSIM', 'XNYS'] };
const read = (text: string): Monitors => readMonitors(text, 'monitors.yaml', WATCHED);

/** The shipped file with one part of it written otherwise. */
const shippedWith = (part: string, instead: string): string => {
  assert.ok(SHIPPED.includes(part), `nothing says ${part}`);
  return SHIPPED.replace(part, instead);
};
const withVenue = (own: string) => shippedWith('venues: {}', `venues:\n  XSIM:\n    ${own}`);
const withStrategy = (own: string) => shippedWith('strategies: {}', `strategies:\n  btc-momentum:\n    ${own}`);

describe('config/monitors.yaml', () => {
  const { heartbeats, latency, drift, venue, safeMode } = shippedMonitors().defaults;

  it('says what the runbook and the product decisions say', () => {
    assert.deepEqual(
      Object.values(heartbeats).map(({ slaMs }) => slaMs),
      [60_000, 60_000, 2_000, 2_000, 2_000],
    );
    assert.deepEqual(
      [latency.p95Ms, latency.windowSeconds, latency.minSamples, drift.limit, venue.killAfterSeconds],
      [120, 60, 20, 0.005, 300],
    );
    assert.equal(safeMode.verifySeconds, 10);
  });

  it('knows no strategy and no venue by name, so that it holds for any', () => {
    const { venues, strategies } = shippedMonitors();

    assert.deepEqual([venues, strategies], [{}, {}]);
    assert.deepEqual(settingsFor(shippedMonitors(), REGISTRATION), shippedMonitors().defaults);
  });
});

describe('the thresholds of one strategy', () => {
  it('are its own, else those of its primary venue, else those of all, member by member', () => {
    const text = withVenue('latency: { p95Ms: 200, minSamples: 5 }').replace(
      'strategies: {}',
      'strategies:\n  btc-momentum:\n    latency: { p95Ms: 80 }\n    heartbeats: { riskService: { slaMs: 1000 } }',
    );
    const { latency, heartbeats, clock } = settingsFor(read(text), REGISTRATION);
    const elsewhere = settingsFor(read(text), { id: StrategyId.parse('other'), primaryVenue: 'XNYS' });

    assert.deepEqual([latency.p95Ms, latency.minSamples, latency.pageP95Ms], [80, 5, 500]);
    assert.deepEqual([heartbeats.riskService.slaMs, heartbeats.executionGateway.slaMs], [1_000, 2_000]);
    assert.deepEqual([clock, elsewhere], [shippedMonitors().defaults.clock, shippedMonitors().defaults]);
  });
});

describe('thresholds are refused, with file, line and column,', () => {
  for (const [what, text, said] of [
    [
      'of a venue without a calendar',
      shippedWith('venues: {}', 'venues:\n  XXXX: {}'),
      /monitors\.yaml:\d+:3: venues\.XXXX: XXXX is no venue with a calendar/,
    ],
    [
      'of a strategy that is not there',
      shippedWith('strategies: {}', 'strategies:\n  btc-momentun: {}'),
      /:\d+:3: strategies\.btc-momentun: btc-momentun is no strategy; there are btc-momentum/,
    ],
    [
      'with a member that nobody knows',
      withVenue('latency: { p95: 100 }'),
      /:\d+:16: venues\.XSIM\.latency: Unrecognized key: "p95"/,
    ],
    [
      'with a part that nobody knows',
      withVenue('latencies: {}'),
      /:\d+:5: venues\.XSIM: Unrecognized key: "latencies"/,
    ],
    ['without a default', shippedWith('    minSamples: 20 #', '    #'), /:\d+:3: defaults\.latency\.minSamples: /],
    [
      'of no time at all',
      shippedWith('riskService: { slaMs: 2000 }', 'riskService: { slaMs: 0 }'),
      /:\d+:20: defaults\.heartbeats\.riskService\.slaMs: Too small/,
    ],
    [
      'with a beat of execution that is slower than the runbook',
      withStrategy('heartbeats: { executionGateway: { slaMs: 2001 } }'),
      /:\d+:39: strategies\.btc-momentum\.heartbeats\.executionGateway\.slaMs: the runbook asks for 2 seconds at most \(3\.1\)/,
    ],
    [
      'with market data older than the runbook',
      shippedWith('marketData: { slaMs: 60000 }', 'marketData: { slaMs: 61000 }'),
      /marketData\.slaMs: the runbook asks for one minute at most/,
    ],
    [
      'with a latency that pages before it throttles',
      withVenue('latency: { p95Ms: 600 }'),
      /:\d+:16: venues\.XSIM\.latency\.p95Ms: p95Ms has to be below pageP95Ms/,
    ],
    [
      'that contradict one another over two parts',
      withVenue('latency: { p95Ms: 450 }').replace(
        'strategies: {}',
        'strategies:\n  btc-momentum:\n    latency: { pageP95Ms: 400 }',
      ),
      /strategies\.btc-momentum\.latency\.pageP95Ms: p95Ms has to be below/,
    ],
    [
      'with a window that is wider than what is kept finely',
      shippedWith('windowSeconds: 60', 'windowSeconds: 61'),
      /defaults\.latency\.windowSeconds: Too big/,
    ],
    [
      'with more round trips than are kept',
      shippedWith('minSamples: 20', 'minSamples: 201'),
      /defaults\.latency\.minSamples: Too big/,
    ],
    [
      'with round trips that are kept no more',
      shippedWith('widestMinutes: 15', 'widestMinutes: 16'),
      /defaults\.latency\.widestMinutes: Too big/,
    ],
    [
      'with a throttle that is none',
      shippedWith('throttleTo: 0.5', 'throttleTo: 1'),
      /defaults\.latency\.throttleTo: Too big/,
    ],
    [
      'with a drift that the runbook does not allow',
      withVenue('drift: { limit: 0.006 }'),
      /venues\.XSIM\.drift\.limit: the runbook asks for a review at 0\.005/,
    ],
    [
      'with warnings that do not ascend',
      shippedWith('[0.5, 0.75, 0.85, 0.9, 0.95]', '[0.75, 0.5]'),
      /defaults\.limitUse\.warnAt: warnings ascend/,
    ],
    ['with a warning at the limit', shippedWith('0.95]', '1]'), /warnings ascend, and stay below 1/],
    [
      'with a clock that pages before it warns',
      withVenue('clock: { pageMs: 1000 }'),
      /venues\.XSIM\.clock\.pageMs: warnMs has to be below/,
    ],
    [
      'with a halt that nobody has to prove in time',
      withStrategy('safeMode: { verifySeconds: 11 }'),
      /strategies\.btc-momentum\.safeMode\.verifySeconds: what is halted has to be proved within 10 seconds/,
    ],
    [
      'with an unstable venue that is let be for longer than five minutes',
      withVenue('venue: { killAfterSeconds: 301 }'),
      /killAfterSeconds: the runbook asks for the kill-switch after 5 minutes/,
    ],
    [
      'with a venue that can never be found stable',
      withVenue('venue: { stableSeconds: 300 }'),
      /stableSeconds has to be below killAfterSeconds/,
    ],
    [
      'with an alert that is never over',
      shippedWith('resolveAfterSeconds: 30', 'resolveAfterSeconds: 301'),
      /resolveAfterSeconds: what is over for five minutes is over/,
    ],
    ['that nobody has changed', shippedWith('  by: platform', ''), /:\d+:1: changed\.by: /],
    [
      'changed for no reason',
      shippedWith('  why: the thresholds of the runbook and of the product decisions', "  why: ''"),
      /:\d+:3: changed\.why: /,
    ],
  ] as const)
    it(what, () => assert.throws(() => read(text), said));

  it('once, where the mistake was made, and not where it is taken over', () => {
    const text = shippedWith('warnMs: 1000', 'warnMs: 4000').replace('venues: {}', 'venues:\n  XSIM: { clock: {} }');

    assert.throws(
      () => read(text),
      (error: Error) => error.message.split('\n').length === 2 && /defaults\.clock\.pageMs/.test(error.message),
    );
  });
});

describe('registerMonitors', () => {
  const entriesOf = ({ store }: World) =>
    (store.logs.get('desk') ?? []).map(({ text }, index) => ({
      index,
      ...{ leafHash: '', text },
      entry: LedgerEntry.parse(JSON.parse(text)),
    }));
  const next = (why: string) =>
    read(
      withVenue('latency: { p95Ms: 100 }')
        .replace('by: platform', 'by: sub-sre\n  ticket: TP-9')
        .replace(/why: .*/, `why: ${why}`)
        .replace('[0.5, ', '['),
    );

  it('stores thresholds once, with an entry that says which have changed, from what to what, by whom and why', async () => {
    const made = world();
    made.store.records.delete('MONITORS#monitors');

    await registerMonitors(MonitorsText.parse(JSON.stringify(shippedMonitors())), 'v1', made.ports);
    await registerMonitors(shippedMonitors(), 'v2', made.ports);
    await registerMonitors(next('XSIM is faster now'), 'v3', made.ports);

    assert.deepEqual(await made.store.get('MONITORS', 'monitors'), next('XSIM is faster now'));
    const [first, second, ...more] = entriesOf(made).map(({ entry }) => entry);
    assert.deepEqual([first?.type, first?.payload['changes'], more], ['monitors.changed', undefined, []]);
    assert.deepEqual(second?.payload, {
      digest: next('XSIM is faster now').digest,
      before: shippedMonitors().digest,
      changes: [
        { path: 'defaults.limitUse.warnAt', before: [0.5, 0.75, 0.85, 0.9, 0.95], after: [0.75, 0.85, 0.9, 0.95] },
        { path: 'venues.XSIM.latency.p95Ms', before: null, after: 100 },
      ],
      ...{ by: 'sub-sre', why: 'XSIM is faster now', ticket: 'TP-9', version: 'v3' },
    });
  });

  it('refuses other thresholds under the words of the change before, says which, and keeps those that stand', async () => {
    const made = world();
    const same = { ...next('any'), changed: shippedMonitors().changed };

    await assert.rejects(registerMonitors(same, 'v2', made.ports), {
      name: 'InvalidRequest',
      message:
        /changes defaults\.limitUse\.warnAt, venues\.XSIM\.latency\.p95Ms, and its 'changed' is word for word that of the change before: say who changes this and why/,
    });

    assert.deepEqual([await made.store.get('MONITORS', 'monitors'), entriesOf(made)], [shippedMonitors(), []]);
  });

  it('says too what is not said any more', async () => {
    const made = world();
    const back = { ...shippedMonitors(), changed: { by: 'sub-sre', why: 'back to the runbook' } };

    await registerMonitors(next('XSIM is faster now'), 'v2', made.ports);
    await registerMonitors(back, 'v3', made.ports);

    const path = 'venues.XSIM.latency.p95Ms';
    assert.deepEqual([entriesOf(made)[1]?.entry.payload['changes']].flat().at(-1), { path, before: 100, after: null });
  });

  it('refuses what are no thresholds', () => {
    assert.throws(() => MonitorsText.parse('{"id":"monitors"}'), /digest/);
  });

  it('is shown by the review of a run, threshold by threshold (runbook 7.2)', async () => {
    const made = world();

    await registerMonitors(next('XSIM is faster now'), 'v3', made.ports);

    const [change] = thresholdChanges('desk', entriesOf(made));
    const [first] = entriesOf(made);
    const odd = first && { ...first, entry: { ...first.entry, payload: { odd: 1 } } };
    assert.equal(thresholdChanges('desk', odd ? [odd] : [])[0]?.what, 'odd: 1');
    assert.match(
      change?.what ?? '',
      /^by: sub-sre, why: XSIM is faster now, ticket: TP-9, defaults\.limitUse\.warnAt: \[0\.5,.*\] -> \[0\.75,0\.85,0\.9,0\.95\], venues\.XSIM\.latency\.p95Ms: null -> 100$/,
    );
  });
});
