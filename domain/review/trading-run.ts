import type { Run } from '../control-record.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { readBackTo } from './read-entries.ts';

type RunPorts = { readonly records: Pick<Ports['records'], 'get'>; readonly ledger: Pick<Ports['ledger'], 'page'> };

const MOST_STEPS = 50;

/**
 * The run that this one belongs to, whose review and archive both share: the launch that a stop or kill has ended. A kill of something that no
 * launch had in its hands, and a recovery, belong to themselves.
 */
export async function tradingRunOf(run: Run, ports: RunPorts): Promise<Run> {
  if (run.machine === 'kill') return (await launchUnder(run, ports)) ?? run;
  let at = run;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const before = at.request[at.machine === 'stop' ? 'stops' : 'resumes'];
    const earlier = typeof before === 'string' ? await ports.records.get('RUN', before) : undefined;
    if (!earlier) return at;
    at = earlier;
  }
  return at;
}

const ENDS: ReadonlySet<string> = new Set(['stop.confirmed', 'launch.withdrawn', 'recovery.lifted']);

/** The launch that had the strategy when this kill came, by the ledger: the newest one before the kill that had not ended by then. */
async function launchUnder({ id, strategyId }: Run, ports: RunPorts): Promise<Run | undefined> {
  let isBefore = false;
  const entries = await readBackTo(
    LogId.parse(strategyId),
    ({ entry }) => {
      isBefore ||= entry.run === id && entry.type.startsWith('kill.re');
      return isBefore && (entry.type === 'launch.requested' || ENDS.has(entry.type));
    },
    ports,
  );
  const last = entries.at(-1)?.entry;
  if (last?.type !== 'launch.requested' || last.run === undefined) return undefined;
  return ports.records.get('RUN', last.run);
}
