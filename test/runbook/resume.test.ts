import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { leasedFor } from './agreed-policy.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, killed, launchedUntil, launchPath, noes } from './launching.ts';
import { BTC, EUR, onALocalHost, type StrategyName } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { changesNothing, cliRefused, isRefusal } from './refused.ts';

/** Over before the watchdog has missed three heartbeats of two seconds: what is resumed here has lost its lease, and was halted by nobody. */
const SHORT_LEASE_MS = 3_000;
const BODY = { reason: 'the engine answers again' };
const resumePath = (strategy: string) => `/v1/strategies/${strategy}/resumptions`;

/** An engine learns within half a second that its venue has cancelled. */
const bookIsEmpty = ({ leases }: { leases: readonly { openOrders?: number | null | undefined }[] }): boolean =>
  leases.every(({ openOrders }) => openOrders === 0);

describe('product decision 9: resuming what lost its lease', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const launches = new Map<StrategyName, string>();
  const entriesOf = async (strategy: StrategyName, run: string) =>
    (await here.log(strategy)).entries.map(({ entry }) => entry).filter((entry) => entry['run'] === run);
  const typesOf = async (strategy: StrategyName, run: string) =>
    (await entriesOf(strategy, run)).map((entry) => String(entry['type']));
  const asks = (strategy: StrategyName) => here.accepted(resumePath(strategy), { as: 'trader', body: BODY });

  it('is for nothing that is not SAFE, for traders only, and takes no junk', async () => {
    await changesNothing(here, BTC, async () => {
      isRefusal(await here.ask(resumePath(BTC), { as: 'trader', body: BODY }), 'StrategyNotSafe', 409);
      isRefusal(await here.ask(resumePath(BTC), { as: 'sre', body: BODY }), 'WrongRole', 403);
      for (const body of [{}, { reason: ' ' }, { ...BODY, force: true }])
        isRefusal(await here.ask(resumePath(BTC), { as: 'trader', body }), 'InvalidRequest', 400);
    });
    const command = ['resume', '--strategy', BTC, '--reason', 'x', '--as', 'trader'];
    cliRefused(await here.cli(...command), 'StrategyNotSafe', 10);
  });

  it('begins SAFE: the engines were silent for longer than their leases', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    for (const strategy of [BTC, EUR]) await leasedFor(here.host.data, strategy, SHORT_LEASE_MS);
    for (const strategy of [BTC, EUR] as const)
      launches.set(strategy, await launchedUntil(here, strategy, 'nothing: it is live'));
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    const { lock } = await here.view(BTC);
    assert.equal(lock, null, 'what is live is not being changed by anybody');
    await here.fault('refuse-cancel', true);

    await here.fault('freeze', true);
    const leases = async () => [...(await here.view(BTC)).leases, ...(await here.view(EUR)).leases];
    const areOver = (all: Awaited<ReturnType<typeof leases>>) =>
      all.every(({ expiresAt }) => Date.parse(String(expiresAt)) < Date.now());
    await eventually('the end of the leases', () => delay(50).then(leases), areOver);
    await here.fault('freeze', false);

    for (const strategy of [BTC, EUR] as const) await here.modeIs(strategy, 'SAFE');
  });

  it('is refused while an order rests, with the venue that says so, and stays SAFE in the hands of its launch', async () => {
    const run = await asks(BTC);

    const { status, failure } = await here.ended(run);

    assert.deepEqual([status, failure?.code], ['FAILED', 'OrdersResting'], JSON.stringify(failure));
    assert.ok(noes(failure).includes('venue.XSIM.orders'), JSON.stringify(failure));
    assert.match(String(failure?.next), /then resume again/);
    const { mode, lock, run: holder } = await here.view(BTC);
    assert.deepEqual([mode, lock, holder?.id], ['SAFE', null, launches.get(BTC)]);
    assert.deepEqual((await typesOf(BTC, run)).slice(-2), ['resume.withdrawn', 'orchestrator.released']);
    await here.fault('refuse-cancel', false);
  });

  it('has two people sign what happened and that the books agree, and nobody else changes it meanwhile', async () => {
    for (const { restingOrders } of [here.eyes[BTC], here.eyes[EUR]])
      await eventually('orders at the venue', restingOrders, (orders) => orders === 0);
    for (const strategy of [BTC, EUR] as const)
      await eventually('what the engine knows of that', () => here.view(strategy), bookIsEmpty);

    const run = await asks(BTC);

    const { document } = await here.question(run, 'resume');
    const { action, resumes, reconciliationDigest, whatHappened } = document;
    assert.deepEqual([action, resumes], ['resume', launches.get(BTC)]);
    assert.equal(Object(whatHappened).type, 'lease.expired');
    const [reconciled] = (await entriesOf(BTC, run)).filter(({ type }) => type === 'resume.reconciled');
    const { key, hash } = Object(Object(reconciled?.['payload'])['report']);
    assert.equal(hash, reconciliationDigest);
    assert.equal(JSON.parse(await here.evidence.read(String(key))).gate.verdict, 'go');
    await changesNothing(here, BTC, async () => {
      const second = await here.ask(resumePath(BTC), { as: 'trader2', body: BODY });
      const { facts } = isRefusal(second, 'DeploymentLocked', 423);
      assert.deepEqual([facts?.['heldBy'], facts?.['action']], [run, 'resume']);
      const launch = await here.ask(launchPath(BTC), { as: 'trader2', body: { environment: 'prod' } });
      isRefusal(launch, 'StrategyNotOff', 409);
    });
  });

  it('is live again once both have signed, without deployment or smoke: SAFE until then', async () => {
    const { id: run } = (await here.view(BTC)).run ?? { id: '' };
    const question = await here.question(run, 'resume');
    assert.equal((await answer(here, question, 'trader')).status, 200);
    isRefusal(await answer(here, question, 'trader'), 'SamePerson', 409);
    assert.deepEqual([(await here.view(BTC)).mode, (await here.eyes[BTC].engine()).mode], ['SAFE', 'SAFE']);

    assert.equal((await answer(here, question, 'risk')).status, 200);

    const { status, failure } = await here.ended(run);
    assert.equal(status, 'SUCCEEDED', JSON.stringify(failure));
    const { mode, lock, tradingAllowed } = await here.view(BTC);
    assert.deepEqual([mode, lock, tradingAllowed, await here.eyes[BTC].flag()], ['ACTIVE', null, true, true]);
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    const types = await typesOf(BTC, run);
    assert.deepEqual(types.slice(-3), ['resume.enabled', 'resume.live', 'orchestrator.released']);
    assert.ok(!types.some((type) => /^(deployment|smoke|governance)\./.test(type)), types.join(', '));
  });

  it('loses to a kill: nobody can sign any more, and nothing is armed', async () => {
    const run = await asks(EUR);
    const question = await here.question(run, 'resume');

    await killed(here, EUR, 'risk', 'it does not look right');

    const { status, failure } = await here.ended(run, 40_000);
    assert.deepEqual([status, failure?.code], ['FAILED', 'StrategyKilled'], JSON.stringify(failure));
    const late = await answer(here, question, 'trader');
    assert.ok(['ApprovalClosed', 'StaleEpoch'].includes(String(late.body['code'])), JSON.stringify(late.body));
    await eventually('live.enabled', here.eyes[EUR].flag, (enabled) => !enabled);
    const { halted } = await eventually('the engine', here.eyes[EUR].engine, (engine) => engine.halted);
    assert.deepEqual([halted, (await here.view(EUR)).mode], [true, 'KILLED']);
    assert.ok(!(await typesOf(EUR, run)).includes('resume.enabled'));
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
