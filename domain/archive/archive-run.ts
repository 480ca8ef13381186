import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { runKey } from '../run-key.ts';
import { hashedFiles, isNamed, pathsOf, snapshotsOf } from './archive-folder.ts';
import { copyRuns, runsNamed } from './copy-runs.ts';
import { type Archived, extendArchive } from './extend-archive.ts';
import { type ArchiveFacts, missingFiles } from './missing-files.ts';
import { readChain } from './read-chain.ts';
import { ORDERS_TOLD, type Rendered, type RenderPorts, renderFiles } from './render-files.ts';
import { type RunEntries, runEntries } from './run-entries.ts';
import { writeManifest } from './write-manifest.ts';

export type ArchivePorts = RenderPorts & LogPorts & Pick<Ports, 'strategies'>;

/**
 * Runbook 4.5: archives a trading run: brings together what its runs have filed, writes what they have not, and names every file with its digest in
 * `MANIFEST.json`, itself in the ledger (`run.archived`). Where it is archived already, files that came since are named in the next manifest of the
 * chain. Every part may run twice; a broken one is finished as it was begun. Refuses a run that is no launch (UnknownRun).
 */
export async function archiveRun(run: Run, ports: ArchivePorts): Promise<Archived> {
  requireLaunch(run);
  if ((await readChain(run, ports)).length === 0) await firstManifest(run, ports);
  const extended = await extendArchive(run, ports);
  if (!extended) throw new Error(`${run.id} was archived, and its manifest is gone`);
  return extended;
}

function requireLaunch({ id, machine }: Run): void {
  if (machine !== 'launch')
    throw new Refusal('UnknownRun', `${id} is a ${machine}, no trading run`, 'name the launch that it belongs to');
}

async function firstManifest(run: Run, ports: ArchivePorts): Promise<void> {
  const trace = await runEntries(run, ports);
  const others = await runsNamed(trace.runs, ports);
  await copyRuns(run, others, ports);
  const before = await pathsOf(run, ports);
  const snapshots = await snapshotsOf(run, before, ports);
  const given: Rendered = { run, others, trace, snapshots, paths: before };
  await renderFiles(given, ports);
  const paths = (await pathsOf(run, ports)).filter(isNamed);
  const files = await hashedFiles(run, paths, ports);
  await writeManifest(run, [], { files, missing: missingFiles(await factsOf(given, paths, ports)) }, ports);
}

async function factsOf(
  { run, others, trace, snapshots }: Rendered,
  paths: readonly string[],
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<ArchiveFacts> {
  const told = await evidence.read(runKey(run, ORDERS_TOLD));
  return {
    paths: new Set(paths),
    wasEnabled: wasEnabled(trace),
    wasStopped: others.some(({ machine }) => machine === 'stop'),
    ended: [run, ...others].filter(({ status }) => status !== 'RUNNING').map(({ id }) => id),
    ordersTold: told && (JSON.parse(new TextDecoder().decode(told.bytes)) as unknown),
    snapshots: snapshots.length,
    isLedgerWhole: trace.isWhole,
  };
}

const wasEnabled = ({ entries }: RunEntries): boolean => entries.some(({ entry }) => entry.type === 'launch.enabled');
