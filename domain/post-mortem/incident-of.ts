import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';

/** The kill that a post-mortem is about: one incident for each latch. Refuses a run that is unknown, no kill, or the repetition of one. */
export async function incidentOf(runId: string, { records }: Pick<Ports, 'records'>): Promise<Run> {
  const run = await records.get('RUN', runId);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${runId.slice(0, 100)}`, 'look at the list of runs');
  if (run.machine !== 'kill')
    throw new Refusal('NotFound', `${run.id} is a ${run.machine}, no kill`, 'look at the list of runs for the kill');
  const first = run.request['reaffirms'];
  if (typeof first === 'string')
    throw new Refusal('NotFound', `${run.id} repeated a kill`, `its post-mortem is that of ${first}`, { run: first });
  return run;
}
