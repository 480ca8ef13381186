import { readStrategy } from '../change.ts';
import type { Run } from '../control-record.ts';
import { sha256 } from '../crypto/sha256.ts';
import { incidentToClose } from '../data-incident/incident-of-run.ts';
import type { Ports } from '../ports/ports.ts';
import { whyOver } from './safe-mode-step.ts';

/**
 * A machine of a safe mode that ended without success (aborted by hand, failed, or out of time) is followed by another for the same run, as long as
 * that safe mode stands, whose proof at the venues or incident is still to be looked after, or has left an incident to close. Answers the execution
 * that goes on, or nothing where nothing is left to do.
 */
export async function goOnSafe(
  run: Run | undefined,
  { name, status }: { readonly name: string; readonly status: Run['status'] },
  ports: Pick<Ports, 'strategies' | 'records' | 'executions'>,
): Promise<string | undefined> {
  if (run?.machine !== 'safe-mode' || status === 'SUCCEEDED') return undefined;
  const { id: runId, strategyId, epoch } = run;
  const state = await readStrategy(strategyId, ports);
  if (whyOver(state, { runId }) !== undefined && !(await incidentToClose({ runId }, state, ports))) return undefined;
  const successor = successorOf(name);
  await ports.executions.start('safe-mode', successor, { strategyId, runId, epoch });
  return successor;
}

/** Another name of the same length: names of executions are short of room. */
const successorOf = (name: string): string =>
  `${name.slice(0, -12)}${sha256(`after ${name}`).toString('hex').slice(0, 12)}`;
