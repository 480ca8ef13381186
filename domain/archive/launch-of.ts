import type { Run } from '../control-record.ts';
import { RunId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { tradingRunOf } from '../review/trading-run.ts';

/** The launch whose archive a run belongs to: a review's is that of what it looks back at. Nothing for a run that goes back to no launch, as the kill of something that was off. */
export async function launchOf(run: Run, ports: Pick<Ports, 'records'> & LogPorts): Promise<Run | undefined> {
  const reviewed = RunId.safeParse(run.request['reviews']).data;
  const from = reviewed ? await ports.records.get('RUN', reviewed) : run;
  const trading = from && (await tradingRunOf(from, ports));
  return trading?.machine === 'launch' ? trading : undefined;
}
