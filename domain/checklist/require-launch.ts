import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { tradingRunOf } from '../review/trading-run.ts';

type RunPorts = { readonly records: Pick<Ports['records'], 'get'>; readonly ledger: Pick<Ports['ledger'], 'page'> };

/**
 * The launch that a run is, or belongs to: a stop, a resumption, a kill, a review. Refuses a run that there is not (UnknownRun), and one that
 * belongs to no launch, such as a kill of something that was off (InvalidRequest).
 */
export async function requireLaunch(id: string, ports: RunPorts): Promise<Run> {
  const run = await ports.records.get('RUN', id);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${id.slice(0, 100)}`, 'look at the list of runs');
  const { reviews } = run.request;
  const reviewed = typeof reviews === 'string' ? await ports.records.get('RUN', reviews) : undefined;
  const launch = await tradingRunOf(reviewed ?? run, ports);
  if (launch.machine === 'launch') return launch;
  throw new Refusal(
    'InvalidRequest',
    `${run.id} belongs to no launch, and a checklist is of one`,
    `tradepulse-cli runs --strategy ${run.strategyId}`,
    { run: run.id, machine: run.machine },
  );
}
