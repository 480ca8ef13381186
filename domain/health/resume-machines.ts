import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import type { Strategy } from '../strategy.ts';
import { stepOfRun } from '../venue-incident/watch-again.ts';

type ResumePorts = Pick<Ports, 'executions'> & { readonly records: Pick<Ports['records'], 'list'> };
type Due = { machine: Resumed; runId: string; input: Record<string, unknown> };

/** Machines that have to run once their runs are recorded. */
const RESUMED = ['kill', 'stop', 'venue-instability', 'safe-mode'] as const;
type Resumed = (typeof RESUMED)[number];

/** Starts the machines of kills, stops, safe modes and incidents of venues that were recorded, but could not be started then. How many there were. */
export async function resumeMachines(strategies: readonly Strategy[], ports: ResumePorts): Promise<number> {
  const runs = await ports.records.list('RUN');
  const unfinished = runs.filter(({ status }) => status === 'RUNNING');
  const due = [...latchedKills(strategies), ...unfinished.flatMap(dueOf)];
  const once = new Map(due.map((each) => [each.runId, each]));
  const resumed = await Promise.all([...once.values()].map((each) => resume(each, ports)));
  return resumed.filter(Boolean).length;
}

function dueOf(run: Run): Due[] {
  const { strategyId, id: runId, epoch } = run;
  const machine = RESUMED.find((each) => each === run.machine);
  if (!machine) return [];
  return [
    { machine, runId, input: { ...(machine === 'venue-instability' && stepOfRun(run)), strategyId, runId, epoch } },
  ];
}

/** A kill that could only latch has no record of its run yet: its machine writes that. */
const latchedKills = (strategies: readonly Strategy[]): Due[] =>
  strategies.flatMap(({ id, epoch, latch }) =>
    latch && !latch.confirmedBy
      ? [{ machine: 'kill' as const, runId: latch.runId, input: { strategyId: id, runId: latch.runId, epoch } }]
      : [],
  );

/** True when there was no execution of that name. Starting it twice at the same moment is starting it once. */
async function resume({ machine, runId, input }: Due, { executions }: Pick<Ports, 'executions'>): Promise<boolean> {
  if (await executions.history(machine, runId, { limit: 1 })) return false;
  if (machine === 'stop') await executions.start('stop', runId, input);
  else if (machine === 'kill') await executions.start('kill', runId, input);
  else if (machine === 'safe-mode') await executions.start('safe-mode', runId, input);
  else await executions.start('venue-instability', runId, input);
  return true;
}
