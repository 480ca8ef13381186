import { setImmediate } from 'node:timers/promises';
import { executeKill } from '../../domain/kill/execute-kill.ts';
import { checkpointLog } from '../../domain/ledger/checkpoint-log.ts';
import {
  answer,
  postMortemText,
  type RecoverWorld,
  requested,
  sre,
  submit,
  trader2,
} from '../domain/recover/a-killed-strategy.ts';
import { checkpointWorld, logId } from '../fakes/fake-checkpoints.ts';
import { REGISTRATION, risk, STRATEGY, stateOf, trader, type World } from '../fakes/world.ts';
import type { RacePorts } from './scheduled-ports.ts';

/** What a recovery needs beside the ports of the world. */
export function recoveryPorts({ store, ports, evidence }: World) {
  const { checkpoints, keys, ledgerName, archive } = checkpointWorld(store, ports.now).ports;
  const alarm = () => {
    throw new Error('the ledger was tampered with');
  };
  const checkpoint = (own: RacePorts) =>
    checkpointLog(logId(STRATEGY), { ...own, checkpoints, keys, ledgerName, archive, alarm });
  return { extra: { checkpoints, keys, ledgerName, incidents: evidence }, checkpoint };
}

/** Kills, lets the kill machine run to its end, has the post-mortem signed, and asks for the recovery, whose machine begins. */
export async function beginRecovery(made: World, ports: RacePorts): Promise<void> {
  const command = { caller: trader, strategyId: STRATEGY, reason: 'loss', commandId: 'the one before' };
  const { runId } = await executeKill(command, { ...ports, registrationOf: async () => REGISTRATION });
  while (!stateOf(made).latch?.certificate) await setImmediate();
  const kill = { strategyId: STRATEGY, runId, epoch: stateOf(made).epoch };
  const killed = { ...made, ports, recoverPorts: ports, kill } as unknown as RecoverWorld & { kill: typeof kill };
  await submit(killed, postMortemText(killed));
  for (const caller of [sre, trader2, risk]) await answer(killed, kill, 'post-mortem', caller);
  const run = await requested(killed);
  await ports.executions.start('recover', run.runId, run);
}
