import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { runKey } from '../run-key.ts';
import type { ArchiveView } from './archive-view.ts';
import { launchOf } from './launch-of.ts';
import { manifestFile } from './manifest.ts';
import { readChain } from './read-chain.ts';

type ViewPorts = Pick<Ports, 'records' | 'evidence'> & LogPorts;

/** The trading run that a run belongs to. Refuses a run that is unknown (UnknownRun), and one that belongs to none (NotArchived). */
export async function archivedRun(id: string, ports: Pick<Ports, 'records'> & LogPorts): Promise<Run> {
  const run = await ports.records.get('RUN', id);
  if (!run) throw new Refusal('UnknownRun', `there is no run ${id.slice(0, 100)}`, 'look at the list of runs');
  const launch = await launchOf(run, ports);
  if (!launch)
    throw new Refusal(
      'NotArchived',
      `${run.id} belongs to no launch: it has no archive`,
      'name a launch, or its stop or kill',
    );
  return launch;
}

/** The archive of the trading run that a run belongs to. Refuses one that is not archived (yet). */
export async function viewArchive(id: string, ports: ViewPorts): Promise<ArchiveView> {
  const run = await archivedRun(id, ports);
  const chain = await readChain(run, ports);
  if (chain.length === 0)
    throw new Refusal(
      'NotArchived',
      `${run.id} is not archived yet`,
      'it is when its stop has settled, or when it is reviewed after a kill',
      { run: run.id },
    );
  return {
    ...{ run: run.id, strategy: run.strategyId, folder: runKey(run, '') },
    manifests: chain.map(({ digest, manifest }) => ({ file: manifestFile(manifest.part), digest, manifest })),
  };
}
