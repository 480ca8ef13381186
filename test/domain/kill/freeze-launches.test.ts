import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { askForTwoConfirmations } from '../../../domain/launch/ask-for-two-confirmations.ts';
import { deployArtifact } from '../../../domain/launch/deploy-artifact.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { launching, RUN, STRATEGY, trader } from '../../fakes/world.ts';

/** A launch that waits for its two confirmations, and then a kill. */
async function killedWhileAsking() {
  const made = await launching();
  await deployArtifact(made.step, made.ports);
  await askForTwoConfirmations({ ...made.step, taskToken: 'of-the-launch' }, made.ports);
  const { runId } = await executeKill(
    { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'k' },
    killPorts(made),
  );
  return { made, kill: { strategyId: STRATEGY, runId, epoch: 1 } };
}
const statusOf = async ({ store }: Awaited<ReturnType<typeof launching>>) =>
  (await store.get('APPROVAL', approvalId({ runId: RUN }, 'launch-confirmation')))?.status;

describe('freezeLaunches, while a launch waits for people', () => {
  it('sends the launch home by the name of the kill, so that its machine compensates at once', async () => {
    const { made, kill } = await killedWhileAsking();

    await freezeLaunches(kill, made.ports);

    assert.deepEqual(made.executions.answered, [{ token: 'of-the-launch', outcome: 'StrategyKilled' }]);
    assert.equal(await statusOf(made), 'void');
  });

  it('finds the question also where the list of questions does not show it yet', async () => {
    const { made, kill } = await killedWhileAsking();
    const { list } = made.store;
    made.store.list = async () => [];

    await freezeLaunches(kill, made.ports);

    made.store.list = list;
    assert.deepEqual(made.executions.answered, [{ token: 'of-the-launch', outcome: 'StrategyKilled' }]);
    assert.equal(await statusOf(made), 'void');
  });

  it('leaves alone what was answered before, though the list still shows it as open', async () => {
    const { made, kill } = await killedWhileAsking();
    const listed = await made.store.list('APPROVAL');
    const [asked] = listed;
    assert.ok(asked);
    await made.store.put({ kind: 'APPROVAL', record: { ...asked, status: 'declined' } });
    made.store.list = async () => listed as never;

    await freezeLaunches(kill, made.ports);

    assert.deepEqual(made.executions.answered, []);
    assert.equal(await statusOf(made), 'declined');
  });
});
