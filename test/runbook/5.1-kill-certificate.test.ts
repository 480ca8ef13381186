import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { digestOfBytes } from '../../domain/ledger/digest.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { killed, launchedUntil } from './launching.ts';
import { BTC, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused } from './refused.ts';
import { TOLD_OF_A_KILL, told } from './told.ts';

const Filed = z.looseObject({
  record: z.object({ key: z.string(), hash: z.string() }),
  page: z.string(),
  certificate: z.looseObject({
    decidedAt: z.iso.datetime(),
    firstEngineHalt: z.object({ instanceId: z.string(), at: z.iso.datetime() }),
    lastVenueZero: z.iso.datetime(),
    initiator: z.looseObject({ actor: z.string(), proofs: z.array(z.looseObject({ method: z.string() })) }),
    confirmer: z.looseObject({ actor: z.string(), proofs: z.array(z.looseObject({ method: z.string() })) }),
    orders: z.array(z.looseObject({ orderId: z.string(), cancelRefused: z.array(z.string()), outcome: z.string() })),
    exposure: z.looseObject({ atKill: z.unknown(), residual: z.unknown() }),
    entries: z.array(
      z.object({ log: z.string(), index: z.int(), leafHash: z.string(), type: z.string(), at: z.string() }),
    ),
  }),
});

describe('runbook 5.1: the certificate at the end of a kill', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const entriesOf = async (type: string) =>
    (await here.log(BTC)).entries.map(({ entry }) => entry).filter((entry) => entry['type'] === type);
  let run: string;
  /** Every order that the venue listed after the kill, while it refused to cancel. */
  let rested: string[];

  it('waits for the venues and for the second person: until then there is none', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    await here.fault('refuse-cancel', true);

    run = await killed(here, BTC, 'trader', 'quotes look wrong');

    const answers = () => entriesOf('kill.venue-answered');
    const [answer] = await eventually('what the venue answered', answers, ({ length }) => length > 0);
    rested = Object(answer?.['payload']).orders.map(({ orderId }: { orderId: string }) => orderId);
    assert.ok(rested.length > 0);
    cliRefused(await here.cli('kill-certificate', run, '--as', 'auditor'), 'NotFound', 2);
  });

  it('records what is held and shows it with the strategy, while orders still rest', async () => {
    await eventually(
      'kill.exposure',
      () => entriesOf('kill.exposure'),
      ({ length }) => length === 1,
    );

    const { exposure } = await here.view(BTC);

    const { currency, venues } = Object(exposure).atKill;
    assert.deepEqual([currency, venues[0].source, Object(exposure).residual], ['USD', 'XSIM', null]);
    assert.ok(Array.isArray(venues[0].positions));
  });

  it('tells everybody when to expect recovery, and again when that changes', async () => {
    const [first] = await told(here, { trigger: 'kill-switch', run }, TOLD_OF_A_KILL);
    assert.match(
      first?.text ?? '',
      /^Kill-switch triggered for btc-momentum due to quotes look wrong\n[\s\S]*Expected recovery: \S+Z\. Bridge: <?https:/,
    );
    const eta = new Date(Date.now() + 4 * 3600_000).toISOString();

    const { code, words } = await here.cli('incident', 'update', '--strategy', BTC, '--eta', eta, '--as', 'sre');

    assert.equal(code, 0, words);
    const updates = await told(here, { trigger: 'incident-updated', run }, TOLD_OF_A_KILL);
    assert.ok(updates.every(({ text }) => text.includes(eta)));
    assert.equal(Object((await here.view(BTC)).latch).expectedRecovery, eta);
    const other = ['incident', 'update', '--strategy', 'eurusd-carry', '--eta', eta, '--as', 'sre'];
    cliRefused(await here.cli(...other), 'StrategyNotKilled', 10);
  });

  it("is read through the command line: who, when, every order that rested, what is left; its digest is the ledger's", async () => {
    await here.fault('refuse-cancel', false);
    await here.question(run, 'kill-confirmation');
    for (const as of ['risk', 'trader'])
      assert.equal((await here.cli('approve', '--strategy', BTC, '--as', as, '--yes')).code, 0);
    assert.equal((await here.ended(run)).status, 'SUCCEEDED');

    const { code, lines, words } = await here.cli('kill-certificate', run, '--as', 'auditor');

    assert.equal(code, 0, words);
    const { certificate, record, page } = Filed.parse(lines[0]);
    const [entry] = await entriesOf('kill.certified');
    assert.equal(record.hash, Object(entry?.['payload']).record.hash);
    assert.equal(record.hash, digestOfBytes(await here.evidence.read(record.key)));
    const people = [await here.tokenOf.subjectOf('trader'), await here.tokenOf.subjectOf('risk')];
    assert.deepEqual([certificate.initiator.actor, certificate.confirmer.actor], people);
    for (const { proofs } of [certificate.initiator, certificate.confirmer])
      assert.deepEqual(
        proofs.map(({ method }) => method),
        ['webauthn'],
      );
    assert.ok(certificate.decidedAt < certificate.lastVenueZero);
    assert.ok(certificate.firstEngineHalt.at < certificate.lastVenueZero);
    const named = new Map(certificate.orders.map((order) => [order.orderId, order]));
    for (const order of rested) {
      assert.equal(named.get(order)?.outcome, 'rests no more');
      assert.ok(named.get(order)?.cancelRefused.length, 'the refusals are named');
      assert.ok(page.includes(order));
    }
    assert.notEqual(certificate.exposure['residual'], 'not known');
    assert.deepEqual(Object((await here.view(BTC))['exposure']).residual, certificate.exposure['residual']);
  });

  it('cites entries that stand in the ledger under these very hashes', async () => {
    const { lines } = await here.cli('kill-certificate', run, '--as', 'auditor');
    const log = new Map((await here.log(BTC)).entries.map((each) => [each.index, each]));

    for (const { index, leafHash, type } of Filed.parse(lines[0]).certificate.entries)
      assert.deepEqual([leafHash, type], [log.get(index)?.leafHash, log.get(index)?.entry['type']]);
  });

  it('is sent to everybody who was told of the kill, and the machine says so last', async () => {
    await told(here, { trigger: 'kill-certificate', run }, TOLD_OF_A_KILL);
    const { steps } = z
      .object({ steps: z.array(z.looseObject({ name: z.string() })) })
      .parse(await here.look(`/v1/runs/${run}`));

    assert.deepEqual(
      steps.slice(-2).map(({ name }) => name),
      ['Certify kill', 'Killed'],
    );
  });

  it('leaves a ledger that is whole and gives nothing away', async () => {
    await ledgersAreWhole(here, [BTC]);
    await nothingIsGivenAway(here, [BTC]);
  });
});
