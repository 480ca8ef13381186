import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { answer, isWithdrawn, launchedUntil, launchPath, startLaunch } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { changesNothing, cliRefused, isNoted, isRefusal } from './refused.ts';

const APPROVED = /^sha256:[0-9a-f]{64}$/;

describe('runbook 2: launch procedure', () => {
  const here = onALocalHost();
  let run = '';
  const entryOf = async (type: string) =>
    (await here.log(BTC)).entries
      .map(({ entry }) => entry)
      .find((each) => each['type'] === type && each['run'] === run);
  /** What a record of the ledger points to in the evidence bucket, and the digest it gives for it. */
  const archived = async (type: string, member: string) => {
    const { key, hash } = Object(Object((await entryOf(type))?.['payload'])[member]);
    assert.match(hash, APPROVED);
    return { key: String(key), text: await here.evidence.read(key) };
  };

  it('2.1: locks the deployment, and the ledger names the holder to the second who asks', async () => {
    run = await launchedUntil(here, BTC, 'two confirmations');

    const second = await changesNothing(here, BTC, () =>
      here.ask(launchPath(BTC), { as: 'trader2', body: { environment: 'prod' } }),
    );

    const { facts } = isRefusal(second, 'DeploymentLocked', 423);
    const trader = await here.tokenOf.subjectOf('trader');
    assert.deepEqual([facts?.['heldBy'], facts?.['actor']], [run, trader]);
    assert.equal((await entryOf('orchestrator.lock'))?.['actor'], trader);
  });

  it('2.2: deploys the approved artifact, which every engine attests, and archives deploy.log', async () => {
    const { key, text } = await archived('deployment.attested', 'log');
    const { document } = await here.question(run, 'launch-confirmation');

    assert.match(key, /^reports\/live\/\d{4}-\d{2}-\d{2}\/btc-momentum\/launch-.*\/deploy\.log$/);
    assert.match(text, /btc-momentum-1/);
    assert.equal((await here.eyes[BTC].engine())['artifactDigest'], Object(document['plan']).artifactDigest);
  });

  it('2.3: promotes only after execution trader and risk officer have confirmed, each with a second factor', async () => {
    const plan = await here.question(run, 'launch-confirmation');

    assert.equal((await answer(here, plan, 'trader')).status, 200);
    await isNoted(here, 'trader', 'SamePerson', async () =>
      isRefusal(await answer(here, plan, 'trader'), 'SamePerson', 409),
    );
    assert.deepEqual([(await here.view(BTC)).mode, await here.eyes[BTC].flag()], ['LAUNCHING', false]);
    assert.equal((await answer(here, plan, 'risk')).status, 200);

    await here.question(run, 'flag-flip');
    const change = Object((await entryOf('governance.strategy-change'))?.['payload']);
    assert.equal(change.digest, plan.digest);
    const roles = change.signers.map(({ role }: { role: string }) => role);
    assert.deepEqual(roles.toSorted(), ['execution-trader', 'risk-officer']);
  });

  it('2.4: replays the last 15 minutes in dry-run, and archives smoke.json', async () => {
    const { key, text } = await archived('smoke.passed', 'report');
    const { reports, gates } = JSON.parse(text);

    assert.match(key, /\/smoke\.json$/);
    assert.ok(reports[0].bars >= 15 && reports[0].orders.length > 0);
    assert.deepEqual(new Set(gates.flatMap((gate: { verdict: string }) => gate.verdict)), new Set(['go']));
    assert.equal(await here.eyes[BTC].restingOrders(), 0);
  });

  it('2.5: is not live before the trader flips live.enabled, and is live then, on every instance', async () => {
    const flip = await here.question(run, 'flag-flip');
    const { text } = await archived('go-no-go.decided', 'report');
    assert.deepEqual([JSON.parse(text).gate.verdict, await here.eyes[BTC].flag()], ['go', false]);
    await isNoted(here, 'risk', 'WrongRole', async () => isRefusal(await answer(here, flip, 'risk'), 'WrongRole', 403));

    assert.equal((await answer(here, flip, 'trader')).status, 200);

    assert.equal((await here.ended(run)).status, 'SUCCEEDED');
    const { mode, halted } = await here.eyes[BTC].engine();
    assert.deepEqual([await here.eyes[BTC].flag(), mode, halted], [true, 'ACTIVE', false]);
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    assert.equal((await here.view(BTC)).tradingAllowed, true);
  });

  it('is refused for what is live already', async () => {
    const result = await changesNothing(here, BTC, () =>
      here.cli('deploy', '--env', 'prod', '--strategy', BTC, '--as', 'trader2'),
    );

    cliRefused(result, 'StrategyNotOff', 10);
    assert.match(result.words, /while the mode is ACTIVE/);
  });

  it('2.3: is withdrawn when one of the two declines, who is believed at once', async () => {
    const declined = await startLaunch(here, EUR);
    const plan = await here.question(declined, 'launch-confirmation');

    const { status } = await answer(here, plan, 'risk', 'decline');

    assert.equal(status, 200);
    const failure = await isWithdrawn(here, declined, EUR, 'ApprovalDeclined');
    assert.match(String(failure?.message), /declined by risk-officer/);
    isRefusal(await answer(here, plan, 'trader'), 'ApprovalClosed', 410);
  });

  it('2.5: is withdrawn when the risk officer declines the flip', async () => {
    const declined = await launchedUntil(here, EUR, 'the flip');

    const { code } = await here.cli(
      'flag',
      'enable',
      '--decline',
      '--reason',
      'not today',
      '--strategy',
      EUR,
      '--as',
      'risk',
      '--yes',
    );

    await isWithdrawn(here, declined, EUR, 'ApprovalDeclined');
    assert.ok([0, 10].includes(code));
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
