import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { type KillCertificate, killCertificate } from '../../../domain/kill/kill-certificate.ts';
import { killCertificatePage } from '../../../domain/kill/kill-certificate-page.ts';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import { digestOfBytes } from '../../../domain/ledger/digest.ts';
import { toldIn } from '../../fakes/told.ts';
import { risk, START, STRATEGY, trader } from '../../fakes/world.ts';
import { certified, fileOf, killed, logOf, payloadsOf } from './kill-at-its-end.ts';

describe('the kill certificate', () => {
  it('says who decided what when, who confirmed it, when the first engine halted and the last venue was empty', async () => {
    const { certificate } = await certified();

    const { initiator, confirmer, decidedAt, reason, strategy, firstEngineHalt, lastVenueZero, venues } = certificate;
    assert.deepEqual([strategy, decidedAt, reason, venues], [STRATEGY, START.toISOString(), 'loss', ['XSIM']]);
    assert.ok(typeof initiator === 'object' && typeof confirmer === 'object');
    assert.deepEqual([initiator.actor, confirmer.actor], [trader.subject, risk.subject]);
    assert.deepEqual([initiator.role, confirmer.role], ['execution-trader', 'risk-officer']);
    assert.deepEqual(
      [initiator, confirmer].map(({ proofs }) => Object(proofs)[0].subject),
      [trader.subject, risk.subject],
    );
    assert.deepEqual(firstEngineHalt, { instanceId: 'btc-momentum-1', at: START.toISOString() });
    assert.equal(lastVenueZero, new Date(START.getTime() + 2_000).toISOString());
  });

  it('names every order that rested, why it could not be cancelled, and that it rests no more', async () => {
    const { certificate } = await certified();

    assert.deepEqual(
      certificate.orders.map(({ orderId, cancelRefused, outcome }) => [orderId, cancelRefused, outcome]),
      ['o-0', 'o-1', 'o-2'].map((id) => [id, ['no cancels during the auction'], 'rests no more']),
    );
    assert.deepEqual([certificate.orders[0]?.firstSeenAt, certificate.ordersNotNamed], [START.toISOString(), 0]);
    assert.equal(certificate.orders[0]?.lastSeenAt, new Date(START.getTime() + 1_000).toISOString());
  });

  it('says what was held then and what is left, by instrument, and closes nothing', async () => {
    const { certificate } = await certified();

    const { atKill, residual } = certificate.exposure;
    const held = [{ instrument: 'BTC-PERP', quantity: 1, mark: 1, notional: 1 }];
    assert.ok(typeof atKill === 'object' && typeof residual === 'object');
    assert.deepEqual([atKill.currency, residual.currency], ['USD', 'USD']);
    for (const { venues } of [atKill, residual]) assert.deepEqual(venues, [{ source: 'XSIM', positions: held }]);
  });

  it('gives a receipt for each entry it cites, and they are those of the ledger', async () => {
    const { made, certificate } = await certified();

    const log = new Map(logOf(made).map((each) => [each.index, each]));
    assert.equal(certificate.entries.length, 13);
    for (const { log: name, index, leafHash, type } of certificate.entries)
      assert.deepEqual([name, leafHash, type], [STRATEGY, log.get(index)?.leafHash, log.get(index)?.entry.type]);
  });

  it('is filed once, as JSON and as a page; the ledger names its digest, and everybody is told', async () => {
    const { made, step, certificate } = await certified();

    const file = fileOf(made, 'kill-certificate.json');
    const [{ record, page } = {}] = payloadsOf(made, 'kill.certified');
    assert.equal(file, `${canonicalJson(certificate)}\n`);
    assert.deepEqual(
      [Object(record).hash, Object(page).hash],
      [digestOfBytes(file), digestOfBytes(killCertificatePage(certificate))],
    );
    const told = toldIn(made, 'kill-certificate');
    assert.ok(told.length > 0 && told.every(({ text }) => text.includes(digestOfBytes(file))));
    await certifyKill(step, made.ports);
    assert.equal(payloadsOf(made, 'kill.certified').length, 1);
  });

  it('can be made again from the ledger: the same bytes, in whatever order the entries come and whatever else is among them', async () => {
    const { made, step } = await certified();
    await killed(made, 'again');
    const filed = fileOf(made, 'kill-certificate.json');
    const entries = logOf(made);

    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        assert.equal(`${canonicalJson(killCertificate(step.runId, shuffled))}\n`, filed);
      }),
      { seed: 51, numRuns: 100 },
    );
  });

  it('claims only what is recorded: whatever is missing, no more is said, and "not known" where nothing is', async () => {
    const { made, step, certificate } = await certified();
    const entries = logOf(made);
    const full = canonicalJson(certificate);

    fc.assert(
      fc.property(fc.subarray(entries), (some) => {
        const made = killCertificate(step.runId, some);
        const has = (type: string) => some.some(({ entry }) => entry.type === type);
        assert.equal(made.initiator === 'not known', !has('kill.requested'));
        assert.equal(made.confirmer === 'not known', !has('kill.confirmed'));
        assert.equal(made.engines === 'not known', !has('kill.halted'));
        assert.equal(made.lastVenueZero === 'not known', !has('kill.venues-empty'));
        assert.equal(made.exposure.atKill === 'not known', !has('kill.exposure'));
        for (const { orderId } of made.orders) assert.ok(full.includes(orderId));
        if (!has('kill.venues-empty')) assert.ok(made.orders.every(({ outcome }) => outcome !== 'rests no more'));
        assert.match(killCertificatePage(made), /^# Kill certificate/);
      }),
      { seed: 52, numRuns: 300 },
    );
  });

  it('says not known to everything when there is no entry at all', () => {
    const nothing = killCertificate('kill-x', []);

    const {
      exposure,
      orders,
      entries,
      v: _version,
      kind: _kind,
      run: _run,
      ordersNotNamed: _no,
      unanswered,
      ...rest
    } = nothing;
    assert.deepEqual([new Set(Object.values(rest)), orders, entries, unanswered], [new Set(['not known']), [], [], []]);
    assert.deepEqual(exposure, { atKill: 'not known', residual: 'not known' });
    assert.match(killCertificatePage(nothing), /No venue named an order[\s\S]*Not known\.[\s\S]*None\./);
  });

  it('is not misled by payloads of another form', () => {
    const at = START.toISOString();
    const entry = (type: string, payload: Record<string, unknown>, index: number) => ({
      index,
      leafHash: 'ab',
      entry: {
        v: 1 as const,
        log: STRATEGY as never,
        seq: index,
        at,
        type,
        actor: trader.subject,
        run: 'r' as never,
        payload,
        proofs: [],
      },
    });
    const odd = killCertificate('r', [
      entry('kill.requested', {}, 0),
      entry('kill.halted', { instances: [{ instanceId: 'i', status: 'unreachable' }] }, 1),
      entry('kill.venue-answered', { venue: 'XSIM', unanswered: 'down', resting: 0 }, 2),
      entry('kill.venue-answered', { venue: 'XSIM', resting: 5, orders: [] }, 3),
      entry('kill.venues-empty', { venues: [], positions: [{ venue: 'A' }, { venue: 'B', unreachable: 'down' }] }, 4),
      entry('kill.confirmed', { confirmer: 'somebody' }, 5),
      entry('approval.signed', { role: 'risk-officer' }, 6),
    ]);

    assert.deepEqual(
      [odd.decidedAt, odd.reason, odd.firstEngineHalt, odd.ordersNotNamed],
      [...Array(3).fill('not known'), 5],
    );
    assert.deepEqual(odd.confirmer, { actor: 'somebody', at: 'not known', role: 'not known', proofs: 'not known' });
    assert.deepEqual(Object(odd.exposure.residual).venues, [
      { source: 'A', unknown: 'not known' },
      { source: 'B', unknown: 'down' },
    ]);
    const page = killCertificatePage(odd);
    assert.deepEqual(odd.unanswered, [{ venue: 'XSIM', at: START.toISOString(), why: 'down' }]);
    assert.match(page, /5 orders more were counted and not named/);
    assert.match(page, /^XSIM gave no usable answer at 2026-11-24T12:00:00.000Z: down$/m);
    assert.match(page, /\| B \| the venue \| not known: down \|/);
  });

  it('takes the first engine that halted, and leaves out none', () => {
    const instances = [
      { instanceId: 'late', status: 'halted', haltedAt: '2026-11-24T12:00:02.000Z', openOrders: 4 },
      { instanceId: 'first', status: 'halted', haltedAt: '2026-11-24T12:00:01.000Z', openOrders: 0 },
      { instanceId: 'silent', status: 'unreachable' },
    ];
    const halted = {
      type: 'kill.halted',
      payload: { instances },
      log: STRATEGY,
      actor: 'x',
      run: 'r',
      seq: 0,
      v: 1,
      proofs: [],
    };
    const certificate = killCertificate('r', [
      { index: 0, leafHash: '', entry: { ...halted, at: START.toISOString() } as never },
    ]);

    assert.deepEqual(certificate.firstEngineHalt, { instanceId: 'first', at: '2026-11-24T12:00:01.000Z' });
    assert.match(killCertificatePage(certificate), /counted 4 open orders when they halted, the venues named 0/);
    assert.match(killCertificatePage(certificate), /\| silent \| unreachable \| not known \| not known \|/);
  });
});

describe('the page of a kill certificate', () => {
  it('keeps what people wrote inside its cell', async () => {
    const { certificate } = await certified();
    const reason = 'a | b\n## c <script>x</script> [y](z)';

    const page = killCertificatePage({ ...certificate, reason });

    assert.ok(page.includes('| reason | a \\| b \\#\\# c \\<script\\>x\\</script\\> \\[y\\](z) |'), page);
  });

  it('shows the whole of it: orders, exposure with its currency, engines, receipts', async () => {
    const { certificate } = await certified();

    const page = killCertificatePage(certificate);

    assert.match(page, /\| o-1 \| XSIM \| buy 1 BTC-PERP at 1 \|.*no cancels during the auction \| rests no more \|/);
    assert.match(page, /\| XSIM \| the venue \| BTC-PERP \| 1 \| 1 \| 1 USD \|/);
    assert.match(page, /\| btc-momentum-1 \| halted \|/);
    assert.ok(certificate.entries.every(({ leafHash }) => page.includes(leafHash)));
    assert.match(page, /cancelled or filled is not known/);
  });

  it('says of a flat venue that it holds nothing, and of an engine when it said so', async () => {
    const { certificate } = await certified();
    const at = START.toISOString();
    const told = [{ source: 'X', positions: [] }];
    const engines = [
      { source: 'e-1', reportedAt: at, positions: [{ instrument: 'A', quantity: -1, mark: 2, notional: 2 }] },
    ];
    const exposure: KillCertificate['exposure'] = {
      atKill: { currency: null, venues: told, engines },
      residual: 'not known',
    };

    const page = killCertificatePage({ ...certificate, exposure });

    assert.match(page, /\| X \| the venue \| nothing \| 0 \| - \| 0 \|/);
    assert.match(
      page,
      new RegExp(`\\| e-1 \\| the engine, at ${at} \\| A \\| -1 \\| 2 \\| 2 \\(currency not known\\) \\|`),
    );
  });
});
