import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { stepFunctions } from './aws-of-the-host.ts';
import { answer, killed, launchedUntil } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { changesNothing } from './refused.ts';

describe('an operator who aborts or starts an execution by hand', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  let console: Awaited<ReturnType<typeof stepFunctions>>;
  before(async () => {
    console = await stepFunctions(here.host.data);
  });
  after(() => console.end());
  const entriesOf = async (strategy: string, type: string) =>
    (await here.log(strategy)).entries.map(({ entry }) => entry).filter((entry) => entry['type'] === type);

  it('has the launch compensated that waits for confirmations: unlocked, off, and everybody told', async () => {
    const runId = await launchedUntil(here, BTC, 'two confirmations');
    const question = await here.question(runId, 'launch-confirmation');

    await console.abort('launch', runId);

    const { lock, flag } = await here.modeIs(BTC, 'OFF');
    assert.deepEqual([lock, flag.live], [null, false]);
    const { status, failure } = await here.ended(runId);
    assert.deepEqual([status, failure?.code], ['ABORTED', 'ABORTED']);
    assert.equal((await entriesOf(BTC, 'launch.withdrawn')).length, 1);
    await answer(here, question, 'trader');
    await answer(here, question, 'risk'); // too late: the machine that asked is gone
    assert.deepEqual([(await here.view(BTC)).mode, (await here.run(runId)).status], ['OFF', 'ABORTED']);
  });

  it('has the launch compensated that waits for the flip: the engine stays halted, and nothing was enabled', async () => {
    const runId = await launchedUntil(here, BTC, 'the flip');

    await console.abort('launch', runId);

    await here.modeIs(BTC, 'OFF');
    const { halted, mode } = await here.eyes[BTC].engine();
    assert.deepEqual([halted, mode === 'ACTIVE', await here.eyes[BTC].flag()], [true, false, false]);
    assert.deepEqual(await entriesOf(BTC, 'launch.enabled'), []);
  });

  it('may launch again after that', async () => {
    await launchedUntil(here, BTC, 'nothing: it is live');

    assert.equal(await here.eyes[BTC].flag(), true);
  });

  it('cannot start a launch without a recorded intent: it is refused with what to do instead, and does nothing', async () => {
    const { error, cause } = await changesNothing(here, EUR, async () => {
      await console.start('launch', 'by-hand', { strategyId: EUR, epoch: 0 });
      return console.ended('launch', 'by-hand');
    });

    assert.equal(error, 'NoIntent');
    assert.match(String(cause), /no intent was recorded as by-hand/);
    assert.match(String(cause), /use the API or the CLI, not the Step Functions console/);
  });

  it('has a kill started again, as often as it is aborted, which goes on for the same run until it is confirmed', async () => {
    const runId = await killed(here, BTC, 'trader', 'first');
    await here.question(runId, 'kill-confirmation');
    await killed(here, BTC, 'sre', 'once more: the epoch rises');

    await console.abort('kill', runId);
    await console.running('kill', `${runId}-2`);
    await console.abort('kill', `${runId}-2`);
    await console.running('kill', `${runId}-3`);

    for (const as of ['trader', 'risk'] as const) {
      const sign = async () => answer(here, await here.question(runId, 'kill-confirmation'), as);
      await eventually(`the signature of ${as}`, sign, (signed) => signed.status === 200); // asked anew meanwhile
    }
    const { status } = await console.ended('kill', `${runId}-3`);
    assert.deepEqual([status, (await entriesOf(BTC, 'kill.confirmed'))[0]?.['run']], ['SUCCEEDED', runId]);
  });

  it('starts a kill by hand with nothing but the strategy, and that always works', async () => {
    await console.start('kill', 'kill-by-hand', { strategyId: EUR });

    await here.modeIs(EUR, 'KILLED');
    const { halted } = await eventually('the engine', here.eyes[EUR].engine, (engine) => engine.halted);
    const [entry] = await entriesOf(EUR, 'kill.requested');
    assert.deepEqual(
      [halted, entry?.['run'], entry?.['actor'], Object(entry?.['payload']).reason],
      [true, 'kill-by-hand', 'service:step-functions-console', 'not given'],
    );
    await here.question('kill-by-hand', 'kill-confirmation');
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
