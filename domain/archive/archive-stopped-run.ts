import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { type ArchivePorts, archiveRun } from './archive-run.ts';
import { launchOf } from './launch-of.ts';
import { type LinkPorts, linkArchive } from './link-archive.ts';

/**
 * Runbook 4.5, in a stop: archives the trading run that it stops, and posts the archive's link to the ticket. Fenced by nothing: it writes files and
 * entries, and what it leaves out the review does. With nothing launched there is nothing to archive.
 */
export async function archiveStoppedRun(
  command: RunStep,
  ports: ArchivePorts & LinkPorts & Pick<Ports, 'records'>,
): Promise<StepResult> {
  const launch = await launchOf(await readRun(command, ports), ports);
  if (!launch) return { summary: 'there was no launch: nothing to archive', verdict: 'nothing-to-do' };
  const archived = await archiveRun(launch, ports);
  const linked = await linkArchive(launch, archived, ports);
  const less = archived.missing.length === 0 ? '' : `, ${archived.missing.length} missing`;
  return {
    summary: `${archived.files} files${less} in ${archived.folder}MANIFEST.json (${archived.first}); ${linked.summary}`,
    verdict: archived.missing.length === 0 ? 'done' : 'warn',
  };
}
