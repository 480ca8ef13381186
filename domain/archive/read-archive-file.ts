import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { LogPorts } from '../review/read-entries.ts';
import { runKey } from '../run-key.ts';
import type { ArchiveFilePage, ArchiveFileQuery } from './archive-file-page.ts';
import { isNamed } from './archive-folder.ts';
import { isManifest } from './manifest.ts';
import { archivedRun } from './view-archive.ts';

/** As much as one page holds: a reply of a Lambda has at most 6 MB, and these bytes travel as base64. */
export const FILE_PAGE_BYTES = 3 * 1024 * 1024;

/**
 * A file of an archive, page by page, from the folder of that run and no other place. Refuses (NotFound) what is not there, and what no manifest
 * names: the minutes that `telemetry.jsonl` holds.
 */
export async function readArchiveFile(
  id: string,
  { path, offset }: ArchiveFileQuery,
  ports: Pick<Ports, 'records' | 'evidence'> & LogPorts,
): Promise<ArchiveFilePage> {
  const run = await archivedRun(id, ports);
  const document = isManifest(path) || isNamed(path) ? await ports.evidence.read(runKey(run, path)) : undefined;
  if (!document)
    throw new Refusal('NotFound', `the archive of ${run.id} has no ${path}`, 'look at its manifest: archive ls', {
      path,
    });
  const { bytes } = document;
  const end = Math.min(offset + FILE_PAGE_BYTES, bytes.byteLength);
  return {
    ...{ path, size: bytes.byteLength, offset },
    content: Buffer.from(bytes.subarray(offset, end)).toString('base64'),
    ...(end < bytes.byteLength && { next: end }),
  };
}
