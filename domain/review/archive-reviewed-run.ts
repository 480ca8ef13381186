import { type ArchivePorts, archiveRun } from '../archive/archive-run.ts';
import { type LinkPorts, linkArchive } from '../archive/link-archive.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep, StepResult } from '../run-step.ts';
import { subjectOf } from './subject-of.ts';

/** Runbook 4.5, for every run that is over: a kill archives nothing itself, and a stop may have left it. What belongs to no launch has no archive. */
export async function archiveReviewedRun(
  command: RunStep,
  ports: ArchivePorts & LinkPorts & Pick<Ports, 'records'>,
): Promise<StepResult> {
  const subject = await subjectOf(await readRun(command, ports), ports);
  if (subject.machine !== 'launch')
    return { summary: `${subject.id} belongs to no launch: no archive`, verdict: 'nothing-to-do' };
  const archived = await archiveRun(subject, ports);
  const linked = await linkArchive(subject, archived, ports);
  return {
    summary: `${archived.files} files in ${archived.parts} manifests, ${archived.missing.length} missing; ${linked.summary}`,
    verdict: archived.missing.length === 0 ? 'done' : 'warn',
  };
}
