import { join } from 'node:path';
import type { TrustFor } from '../../domain/ledger/bundle/bundle-verifier.ts';
import { logOfOrigin } from '../../domain/ledger/bundle/log-of-origin.ts';
import type { Claim } from '../../domain/ledger/verify/claim.ts';
import type { FindingKind } from '../../domain/ledger/verify/finding.ts';
import { heldCheckpointIn } from '../../domain/ledger/verify/held-evidence.ts';
import { LogVerifier } from '../../domain/ledger/verify/log-verifier.ts';
import { emptyReport, type Report } from '../../domain/ledger/verify/report.ts';
import { EntryFiles } from './entry-files.ts';
import { checkpointFile, type LogFolder } from './log-folder.ts';
import { CannotRead, smallText } from './open-file.ts';

/** Bytes of the largest file that is read as a checkpoint; a note is far smaller. */
const MOST_CHECKPOINT_BYTES = 65_536;

/**
 * Verifies a copy of one log's folder like a bundle of the whole log, up to its newest checkpoint (docs/ledger-format.md section 5). Where
 * the folder is one of several, its name says which log it has to be.
 */
export async function verifyLogFolder(
  path: string,
  folder: LogFolder,
  trustFor: TrustFor,
  name?: string,
): Promise<Report> {
  const size = folder.checkpoints.at(-1);
  if (size === undefined)
    return nothing(name, 'entries-missing', 'there is no checkpoint in the folder, so nothing is proved');
  const newest = await noteAt(path, size);
  const origin = heldCheckpointIn(newest)?.origin ?? '';
  const log = logOfOrigin(origin);
  if (log === undefined) return nothing(name, 'unreadable', `the newest checkpoint, ${checkpointFile(size)}, is none`);
  if (name !== undefined && log !== name)
    return nothing(name, 'checkpoint-place', `the folder of ${name} holds checkpoints of ${log}`);
  const report = await verify(path, folder, { log, origin, size, from: 0, to: size }, trustFor);
  return { ...report, notes: [...report.notes, ...folder.ignored] };
}

async function verify(path: string, folder: LogFolder, claim: Claim, trustFor: TrustFor): Promise<Report> {
  const log = new LogVerifier(claim, trustFor(claim.log));
  const files = new EntryFiles(join(path, 'entries'), folder.entries, {
    found: (kind, what) => log.found(kind, { index: log.position }, what),
    stop: (kind, what) => log.stop(kind, { index: log.position }, what),
  });
  const sizes = new Set(folder.checkpoints);
  try {
    for (let hasMore = true; hasMore && !log.isDone; ) {
      if (sizes.has(log.position)) log.checkpoint(await noteAt(path, log.position));
      hasMore = !log.isDone && log.position < claim.size && takeEntry(log, await files.at(log.position));
    }
    if (!log.isDone && log.position === claim.size) await files.leave(claim.size);
  } finally {
    await files.close();
  }
  return log.report();
}

/** Whether there was an entry to take. */
function takeEntry(log: LogVerifier, [text, ...others]: readonly string[]): boolean {
  if (text === undefined || log.isDone) return false;
  if (others.some((other) => other !== text))
    log.found('overlap', { index: log.position }, `two files hold different texts of entry ${log.position}`);
  log.entry(text);
  return true;
}

/** The text of a checkpoint; where it cannot be read, nothing, which is no checkpoint. */
async function noteAt(path: string, size: number): Promise<string> {
  try {
    return await smallText(join(path, 'checkpoints', checkpointFile(size)), MOST_CHECKPOINT_BYTES, {
      followLink: false,
    });
  } catch (error) {
    if (!(error instanceof CannotRead)) throw error;
    return '';
  }
}

const nothing = (name: string | undefined, kind: FindingKind, what: string): Report =>
  emptyReport(name ?? '', { kind, where: {}, what });
