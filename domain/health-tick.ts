import type { Run } from './control-record.ts';
import type { Ports } from './ports/ports.ts';

/**
 * The scheduled sweep: a kill or a stop that was recorded, but whose machine could not be started then, gets it now. (A launch
 * does not: nobody expects it any more, and stopping the strategy ends it.) The time is noted for the health page.
 */
export async function healthTick(ports: Ports): Promise<{ summary: string }> {
  const [latched, runs] = await Promise.all([latchedKills(ports), ports.records.list('RUN')]);
  const unfinished = runs.filter(({ machine, status }) => machine !== 'launch' && status === 'RUNNING');
  const due = new Map<string, Due>([...latched, ...unfinished.map(dueOf)].map((each) => [each.runId, each]));
  const resumed = await Promise.all([...due.values()].map((each) => resume(each, ports)));
  await ports.records.put({ kind: 'TICK', record: { id: 'health', at: ports.now().toISOString() } });
  return { summary: `${resumed.filter(Boolean).length} machines resumed` };
}

type Due = { machine: 'kill' | 'stop'; strategyId: string; runId: string; epoch: number };

const dueOf = ({ machine, strategyId, id, epoch }: Run): Due => ({
  machine: machine === 'stop' ? 'stop' : 'kill',
  strategyId,
  runId: id,
  epoch,
});

/** A kill that could only latch has no record of its run yet: its machine writes that. */
async function latchedKills({ strategies }: Ports): Promise<Due[]> {
  return (await strategies.list()).flatMap(({ id, epoch, latch }) =>
    latch && !latch.confirmedBy ? [{ machine: 'kill' as const, strategyId: id, runId: latch.runId, epoch }] : [],
  );
}

/** True when there was no execution of that name. Starting it twice at the same moment is starting it once. */
async function resume({ machine, ...input }: Due, { executions }: Ports): Promise<boolean> {
  if (await executions.history(machine, input.runId, { limit: 1 })) return false;
  if (machine === 'stop') await executions.start('stop', input.runId, input);
  else await executions.start('kill', input.runId, input);
  return true;
}
