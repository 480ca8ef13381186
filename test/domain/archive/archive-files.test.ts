import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { acceptedOrders } from '../../../domain/archive/accepted-orders-file.ts';
import type { CitedEntry } from '../../../domain/archive/entries-backwards.ts';
import { limitsFile } from '../../../domain/archive/limits-file.ts';
import { ArchivePath, type Manifest, manifestText } from '../../../domain/archive/manifest.ts';
import { missingFiles } from '../../../domain/archive/missing-files.ts';
import { parted } from '../../../domain/archive/parted.ts';
import { positionsFile } from '../../../domain/archive/positions-file.ts';
import { slaIncidents } from '../../../domain/archive/sla-incidents.ts';
import { sourceOf } from '../../../domain/archive/source-of.ts';
import { telemetryFiles } from '../../../domain/archive/telemetry-files.ts';
import { venueIncidents } from '../../../domain/archive/venue-incidents.ts';
import type { Delivery } from '../../../domain/communications/delivery.ts';
import { AcceptedOrder } from '../../../domain/engine/accepted-order.ts';
import { LIMITS_KEY } from '../../../domain/launch/risk-limits.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { Snapshot } from '../../../domain/snapshot/snapshot.ts';
import { LIMITS, RUN, STRATEGY, world } from '../../fakes/world.ts';
import { minute } from './a-traded-run.ts';

const AT = '2026-11-24T12:00:00.000Z';
const use = (worst: number, notional = 100) => ({
  ...{ grossNotional: notional, ofKillNotional: worst, loss: worst * 10, ofKillLoss: worst, worst },
  instruments: [{ instrument: 'BTC-PERP', notional, ofMaxNotional: worst, ofMaxPosition: null }],
});
const minutes = (...given: object[]) => given.map((each) => Snapshot.parse(each));

describe('telemetryFiles', () => {
  const [telemetry, pnl, risk] = telemetryFiles(
    minutes(
      minute('2026-11-24T12:01:00.000Z', {}, use(0.5)),
      minute('2026-11-24T12:02:00.000Z', {}, use(0.9, 300)),
      minute('2026-11-24T12:03:00.000Z', {}, { ...use(0.9), instruments: [] }),
      { ...minute('2026-11-24T12:04:00.000Z'), instances: [{ instanceId: 'btc-momentum-1', unknown: 'silent' }] },
    ),
  );

  it('keep every minute as it was, and one line of profit and loss for each instance that told it', () => {
    assert.deepEqual([telemetry?.lines.length, pnl?.lines.length], [4, 3]);
    assert.deepEqual(JSON.parse(pnl?.lines[0] ?? ''), {
      ...{ at: '2026-11-24T12:01:00.000Z', instance: 'btc-momentum-1', reportedAt: '2026-11-24T12:01:00.000Z' },
      ...{ realised: 1, unrealised: 2, currency: 'USD' },
    });
  });

  it('tell the peak of every limit with its first minute, and for how long each step was reached', () => {
    const told = JSON.parse(risk?.lines[0] ?? '');

    assert.deepEqual(told.peak.worst, { value: 0.9, at: '2026-11-24T12:02:00.000Z' });
    assert.deepEqual(told.peak.grossNotional, { value: 300, at: '2026-11-24T12:02:00.000Z' });
    assert.deepEqual(told.instruments[0].ofMaxPosition.value, 0);
    assert.deepEqual(
      told.minutesAt.map(({ minutes: count }: { minutes: number }) => count),
      [3, 2, 2, 2, 0, 0],
    );
    assert.deepEqual([told.snapshots, told.withoutLimits], [4, 1]);
  });

  it('say so when nothing was kept', () => {
    const told = JSON.parse(telemetryFiles([])[2]?.lines[0] ?? '');

    assert.deepEqual([told.snapshots, told.from, told.peak.worst], [0, null, null]);
  });
});

describe('slaIncidents', () => {
  const entry = (type: string, payload: object = {}): CitedEntry => ({
    ...{ index: 7, leafHash: 'leaf' },
    entry: LedgerEntry.parse({
      ...{ v: 1, log: STRATEGY, seq: 7, at: AT, type, actor: 'service:x', payload, proofs: [] },
    }),
  });
  const delivery = (more: Partial<Delivery>): Delivery => ({
    ...{ id: 'm/#risk', message: 'm', trigger: 'kill-switch', audience: [], channel: '#risk', via: 'slack' },
    ...{ severity: 'critical', subject: '', text: '', at: AT, detectedAt: AT, status: 'acknowledged' },
    ...{ attempts: [], version: 1, ...more },
  });
  const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('| 2026'));

  it('list every level that was missed, with its source, and nothing else', () => {
    const entries = [
      ...['lease.expired', 'launch.requested', 'drain.cancelled'].map((type) => entry(type)),
      ...[entry('strategy.settled', { verdict: 'agrees' }), entry('strategy.settled', { verdict: 'differs' })],
      entry('strategy.settled'),
    ];

    const text = slaIncidents(entries, [], []);

    assert.equal(lines(text).length, 4);
    assert.match(text, /an engine lost its lease \| ledger entry 7 \(lease.expired\)/);
    assert.match(text, /the settlement differs/);
    assert.match(text, /the settlement is not known/);
  });

  it('list deliveries that failed or came after five seconds, and no others', () => {
    const sent = (ms: number) => ({ sentAt: new Date(Date.parse(AT) + ms).toISOString() });
    const text = slaIncidents(
      [],
      [
        ...[delivery(sent(5_000)), delivery(sent(5_001)), delivery({ status: 'waiting' })],
        ...[delivery({ status: 'failed' }), delivery({ status: 'failed', escalatedTo: 'on-call | page' })],
      ],
      [],
    );

    assert.equal(lines(text).length, 3);
    assert.match(text, /kill-switch was sent to #risk after 5\.0 s/);
    assert.match(text, /did not reach #risk, on-call \\\| page took over/);
  });

  it('list minutes in which an instance held no lease', () => {
    const without = minute('2026-11-24T12:01:00.000Z', { expiresAt: '2026-11-24T12:00:30.000Z' });
    const unknown = { ...without, instances: [{ instanceId: 'btc-2', unknown: 'it never renewed a lease' }] };

    const text = slaIncidents([], [], minutes(without, unknown, minute('2026-11-24T12:02:00.000Z')));

    assert.match(text, /btc-momentum-1 held no lease/);
    assert.equal(lines(text).length, 2);
  });

  it('say that none is recorded', () => assert.match(slaIncidents([], [], []), /None recorded\./));
});

describe('venueIncidents', () => {
  const incident = (at: string, note?: string) =>
    JSON.stringify({ v: 1, venue: 'XSIM', ticket: 'T-1', at, by: 'sub-sre', ...(note && { note }) });

  it('show them in the order of time, whatever people wrote into them', () => {
    const text = venueIncidents([
      { file: 'venue-incidents/2.json', text: incident('2026-11-24T13:00:00.000Z', 'slow | <b>acks</b>\n# no title') },
      { file: 'venue-incidents/1.json', text: incident('2026-11-24T12:30:00.000Z') },
      { file: 'venue-incidents/3.json', text: '{' },
    ]);

    assert.deepEqual(text.match(/12:30|13:00|not readable/g), ['12:30', '13:00', 'not readable']);
    assert.ok(text.includes('slow \\| \\<b\\>acks\\</b\\> # no title'));
  });

  it('say that none is recorded', () => assert.match(venueIncidents([]), /None recorded\./));
});

describe('acceptedOrders', () => {
  const order = (orderId: string, submittedAt: string) =>
    AcceptedOrder.parse({
      ...{ orderId, venue: 'XSIM', instrument: 'BTC-PERP', side: 'buy', quantity: 1, price: 1, submittedAt },
      ...{ outcome: 'filled', endedAt: submittedAt, filledPrice: 1 },
    });
  const between = { strategyId: STRATEGY, since: '2026-11-24T12:00:00.000Z', until: '2026-11-24T13:00:00.000Z' };

  it('come page by page, oldest first, of the run alone', async () => {
    const made = world();
    made.venues.accepted = ['12:03', '12:01', '12:01', '12:02', '13:00', '11:59'].map((time, at) =>
      order(`o-${at}`, `2026-11-24T${time}:00.000Z`),
    );

    const { lines, told } = await acceptedOrders(between, made.ports);

    assert.deepEqual(
      lines.map((line) => JSON.parse(line).orderId),
      ['o-1', 'o-2', 'o-3', 'o-0'],
    );
    assert.deepEqual(told.venues, [{ venue: 'XSIM', orders: 4 }]);
  });

  it('say when the venue kept fewer than there were, and when it did not answer', async () => {
    const [less, silent] = [world(), world()];
    less.venues.keptSince = '2026-11-24T12:30:00.000Z';
    silent.venues.unreachable.add('XSIM');

    const told = await Promise.all(
      [less, silent].map(async ({ ports }) => (await acceptedOrders(between, ports)).told),
    );

    assert.deepEqual(
      told.map(({ venues: [venue] }) => venue?.less),
      ['it keeps none from before 2026-11-24T12:30:00.000Z', 'XSIM did not answer'],
    );
  });

  it('are all of them when the venue dropped only what came before the run', async () => {
    const made = world();
    made.venues.keptSince = between.since;

    assert.equal((await acceptedOrders(between, made.ports)).told.venues[0]?.less, undefined);
  });

  it('end after two hundred pages of a venue that never ends, and say so', async () => {
    const made = world();
    made.venues.acceptedOrders = async () => ({ orders: [order('o', between.since)], next: 'on' });

    const { lines, told } = await acceptedOrders(between, made.ports);

    assert.deepEqual([lines.length, told.venues[0]?.less], [200, 'it has more than 200']);
  });
});

describe('limitsFile', () => {
  const digest = digestOf(LIMITS);
  const write = async (limitsDigest: string | undefined, ...used: string[]) => {
    const made = world();
    const snapshots = used.map((each, at) => minute(`2026-11-24T12:0${at}:00.000Z`, { limitsDigest: each }));
    const deployed = limitsDigest === undefined ? {} : { limitsDigest: digestOf(limitsDigest) };
    const state = { id: STRATEGY, ...deployed, ...(limitsDigest === 'approved' && { limitsDigest: digest }) };
    return JSON.parse(await limitsFile(state, minutes(...snapshots), made.ports));
  };

  it('say that what was approved, deployed and enforced is one', async () => {
    const { approved, isSame, used } = await write('approved', digest, digest);

    assert.deepEqual([approved.digest, isSame, used.length], [digest, true, 1]);
    assert.equal(used[0].until, '2026-11-24T12:01:00.000Z');
  });

  it('say what an instance enforced instead, and from when', async () => {
    const other = digestOf('other');
    const { isSame, used } = await write('approved', digest, other, digest);

    assert.deepEqual([isSame, used.map((each: { digest: string }) => each.digest)], [false, [digest, other, digest]]);
  });

  it('take nothing that is not known for the same', async () => {
    const made = world();
    made.evidence.files.delete(LIMITS_KEY);
    const unknown = { ...minute(AT), instances: [{ instanceId: 'btc-1', unknown: 'silent' }] };
    const none = minute('2026-11-24T12:01:00.000Z', { limitsDigest: null });
    const text = await limitsFile({ id: STRATEGY }, minutes(unknown, none), made.ports);

    const { approved, deployed, isSame, used } = JSON.parse(text);
    assert.deepEqual([approved, deployed, isSame, used[0].digest], [null, null, false, 'none']);
  });
});

describe('positionsFile', () => {
  const exposure = { currency: 'USD', venues: [], engines: [] };
  const snapshot = Snapshot.parse(minute(AT));
  const silent = Snapshot.parse({ ...minute(AT), instances: [{ instanceId: 'btc-2', unknown: 'silent' }] });
  const settlement = {
    ...{ v: 1 as const, strategy: STRATEGY, at: AT, tolerance: { quantity: '', cash: '' }, compared: [], silent: [] },
    ...{ verdict: 'agrees' as const, venues: [], engines: [] },
  };

  it('take the settlement, else what was held at the kill, else the last minute', () => {
    const from = (given: object) =>
      JSON.parse(positionsFile({ settlement: undefined, exposure: undefined, snapshot: undefined, ...given })).from;

    assert.deepEqual(
      [from({ settlement, exposure, snapshot }), from({ exposure, snapshot }), from({ snapshot }), from({})],
      ['settle.json', 'exposure.json', 'the last minute that was kept', null],
    );
  });

  it('name an instance of the last minute that said nothing', () => {
    const { engines } = JSON.parse(positionsFile({ settlement: undefined, exposure: undefined, snapshot: silent }));

    assert.deepEqual(engines, [{ source: 'btc-2', unknown: 'silent' }]);
  });
});

describe('missingFiles', () => {
  const facts = {
    ...{ paths: new Set<string>(), wasEnabled: false, wasStopped: false, ended: [], snapshots: 0, isLedgerWhole: true },
    ordersTold: { v: 1, since: AT, until: AT, venues: [] },
  };

  it('ask nothing of a launch that was never enabled', () => assert.deepEqual(missingFiles(facts), []));

  it('say why a killed run has no settlement, and a stopped one', () => {
    const why = (wasStopped: boolean) =>
      missingFiles({ ...facts, wasEnabled: true, wasStopped }).find(({ file }) => file === 'settle.json')?.why;

    assert.match(why(false) ?? '', /ended in a kill/);
    assert.match(why(true) ?? '', /the stop did not file it/);
  });

  it('name an order log that says nothing of itself, and a ledger that was too long', () => {
    const missing = missingFiles({ ...facts, ordersTold: undefined, isLedgerWhole: false });

    assert.deepEqual(
      missing.map(({ file }) => file),
      ['orders.jsonl', 'ledger'],
    );
  });
});

describe('parted', () => {
  it('divides lines into files of at most so many bytes, and loses or divides none', () =>
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ''))), (lines) => {
        const parts = parted('a/b.jsonl', lines, 50);

        assert.equal(parts.map(({ text }) => text).join(''), lines.map((line) => `${line}\n`).join(''));
        assert.deepEqual(
          parts.map(({ file }) => file),
          parts.map((_, at) => (at === 0 ? 'a/b.jsonl' : `a/b.${at + 1}.jsonl`)),
        );
        for (const { text } of parts)
          assert.ok(Buffer.byteLength(text) <= 50 || text.trimEnd().split('\n').length === 1);
      }),
      { seed: 5, numRuns: 200 },
    ));
});

describe('a manifest', () => {
  const file = (path: string) => ({ path, sha256: digestOf(path), size: 1, source: sourceOf(path) });

  it('has the same bytes in whichever order its files were found', () =>
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['a.json', 'b.json', 'runs/x/c.json', 'Z.log'], { minLength: 4 }),
        fc.shuffledSubarray(
          [
            { file: 'x', why: '1' },
            { file: 'x', why: '2' },
          ],
          { minLength: 2 },
        ),
        (paths, missing) => {
          const manifest = (names: string[], less: Manifest['missing']): Manifest => ({
            ...{ v: 1, part: 1, run: RUN, strategy: STRATEGY, at: AT, files: names.map(file), missing: less },
          });

          assert.equal(
            manifestText(manifest(paths, missing)),
            manifestText(
              manifest(
                ['Z.log', 'a.json', 'b.json', 'runs/x/c.json'],
                missing.toSorted((a, b) => (a.why < b.why ? -1 : 1)),
              ),
            ),
          );
        },
      ),
      { seed: 6, numRuns: 50 },
    ));

  it('names only files below its folder', () => {
    const right = ['a', 'a.json', 'runs/kill-x/b.json', '..a', 'a..b/c'];
    const wrong = [
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/..',
      './a',
      'a\\b',
      'a b',
      'a\0',
      `${'a/'.repeat(7)}a`,
    ];

    assert.deepEqual(
      right.filter((path) => !ArchivePath.safeParse(path).success),
      [],
    );
    assert.deepEqual(
      wrong.filter((path) => ArchivePath.safeParse(path).success),
      [],
    );
  });

  it('says of each file what it was made from', () => {
    assert.deepEqual(
      [
        'deploy.log',
        'settle.json',
        'orders.2.jsonl',
        'runs/kill-x/a',
        'executions/x.jsonl',
        'venue-incidents/1.json',
      ].map(sourceOf),
      [
        ...['filed by the run', 'the settlement of the stop', 'the venues, asked with our own credentials'],
        ...['the folder of kill-x', 'the history of the execution, task tokens taken out'],
        'what people recorded of a venue',
      ],
    );
  });
});
