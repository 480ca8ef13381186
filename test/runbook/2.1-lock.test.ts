import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { stepFunctions } from './aws-of-the-host.ts';
import { controlTable } from './control-table.ts';
import { answer, launchedUntil, launchPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole } from './proof-of-the-ledgers.ts';
import { changesNothing, isRefusal } from './refused.ts';

const MINUTE = 60_000;
const PROD = { environment: 'prod' };

describe('runbook 2.1 and 2.5: a lock is a lease, and what fails after it is undone one by one', {
  skip: !isDeep && DEEP,
}, () => {
  const here = onALocalHost();
  let [first, second] = ['', ''];
  const lockOf = async (strategy: string) => {
    const { lock } = await here.view(strategy);
    return Object(lock);
  };
  const typesOf = async (strategy: string, run: string) =>
    (await here.log(strategy)).entries
      .filter(({ entry }) => entry['run'] === run)
      .map(({ entry }) => String(entry['type']));

  it('holds while people are asked, until their question expires and some minutes more; the second who asks is told all of it', async () => {
    first = await launchedUntil(here, BTC, 'two confirmations');

    const { expiresAt } = await here.question(first, 'launch-confirmation');
    const { runId, action, ticket, acquiredAt, expiresAt: until } = await lockOf(BTC);
    const margin = Date.parse(until) - Date.parse(expiresAt);
    assert.ok(margin >= MINUTE && margin <= 10 * MINUTE, `${margin} ms`);
    const asked = await changesNothing(here, BTC, () => here.ask(launchPath(BTC), { as: 'trader2', body: PROD }));
    const { facts, detail } = isRefusal(asked, 'DeploymentLocked', 423);
    const actor = await here.tokenOf.subjectOf('trader');
    assert.deepEqual(facts, { heldBy: first, actor, action, ticket, since: acquiredAt, until });
    assert.deepEqual([runId, action, typeof ticket], [first, 'launch', 'string']);
    assert.ok(detail.includes(first) && detail.includes(acquiredAt) && detail.includes(until), detail);
  });

  it('is taken over once it has expired, at a new epoch; the first run is fenced, and undoes nothing of the second', async () => {
    await expireLock(here.host.data, BTC);

    second = await here.accepted(launchPath(BTC), { as: 'trader2', body: PROD });

    const { epoch, run } = await here.view(BTC);
    assert.deepEqual([epoch, run?.id], [1, second]);
    const [takeover] = (await here.log(BTC)).entries
      .map(({ entry }) => entry)
      .filter(({ type }) => type === 'orchestrator.takeover');
    assert.deepEqual([Object(takeover?.['payload']).from, takeover?.['run']], [first, second]);
    const question = await here.question(first, 'launch-confirmation');
    isRefusal(await answer(here, question, 'trader'), 'StaleEpoch', 409);
    const console = await stepFunctions(here.host.data);
    await console.abort('launch', first); // its machine waits on, and may wake up at any time
    await here.ended(first);
    console.end();
    const asked = await here.question(second, 'launch-confirmation');
    for (const as of ['trader2', 'risk'] as const) assert.equal((await answer(here, asked, as)).status, 200);
    const { document } = await here.question(second, 'flag-flip');
    assert.deepEqual([document['epoch'], document['run'], (await lockOf(BTC)).runId], [1, second, second]);
  });

  it('2.5: has the trader sign what was archived: plan, smoke report, kill path and go/no-go, at this epoch', async () => {
    const flip = await here.question(second, 'flag-flip');
    const plan = await here.question(second, 'launch-confirmation');
    const hashOf = async (type: string) => {
      const entry = (await here.log(BTC)).entries
        .map((each) => each.entry)
        .find((each) => each['type'] === type && each['run'] === second);
      return Object(Object(entry?.['payload'])['report']).hash;
    };

    const { planDigest, smokeDigest, killPathDigest, goNoGoDigest, expiresAt } = flip.document;
    assert.deepEqual([smokeDigest, goNoGoDigest], [await hashOf('smoke.passed'), await hashOf('go-no-go.decided')]);
    assert.equal(planDigest, plan.digest);
    assert.match(String(killPathDigest), /^sha256:[0-9a-f]{64}$/);
    assert.ok(Date.parse(String(expiresAt)) - Date.parse(flip.openedAt) <= 15 * MINUTE);
    assert.equal((await answer(here, flip, 'trader2')).status, 200);
    assert.equal((await here.ended(second)).status, 'SUCCEEDED');
    const { mode, lock } = await here.view(BTC);
    assert.deepEqual([mode, lock, await here.eyes[BTC].flag()], ['ACTIVE', null, true]);
    assert.deepEqual((await typesOf(BTC, second)).slice(-3), [
      'launch.enabled',
      'launch.live',
      'orchestrator.released',
    ]);
  });

  it('2.5: undoes what it had done when an engine does not arm: flag off, engines halted, withdrawn, released', async () => {
    const run = await launchedUntil(here, EUR, 'the flip');
    const flip = await here.question(run, 'flag-flip');
    await here.fault('freeze', true);

    assert.equal((await answer(here, flip, 'trader')).status, 200);

    const { status, failure } = await here.ended(run, 60_000);
    await here.fault('freeze', false);
    assert.deepEqual([status, failure?.code], ['FAILED', 'EngineUnreachable'], JSON.stringify(failure));
    assert.deepEqual((await typesOf(EUR, run)).slice(-4), [
      ...['launch.disabled', 'launch.disarmed', 'launch.withdrawn', 'orchestrator.released'],
    ]);
    const { mode, lock } = await here.view(EUR);
    assert.deepEqual([mode, lock, await here.eyes[EUR].flag()], ['OFF', null, false]);
    await eventually('the engine', here.eyes[EUR].engine, (engine) => engine.mode === 'SAFE');
  });

  it('and leaves ledgers that are whole', () => ledgersAreWhole(here, [BTC]));
});

/** As if the run had stood still for longer than its lock lasts: written past the control plane, so the ledger does not know it until the next entry. */
async function expireLock(data: string, strategy: string): Promise<void> {
  const { dynamo, table, end } = await controlTable(data);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `STRATEGY#${strategy}` },
      UpdateExpression: 'SET #lock.expiresAt = :past',
      ExpressionAttributeNames: { '#lock': 'lock' },
      ExpressionAttributeValues: { ':past': new Date(Date.now() - 1000).toISOString() },
    }),
  );
  end();
}
