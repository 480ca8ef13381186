import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { type ArchivedFile, type Manifest, type MissingFile, manifestFile, manifestText } from './manifest.ts';
import type { StoredManifest } from './read-chain.ts';

/** Create-once: whoever comes second finds the other's manifest, and goes on from that. */
export async function writeManifest(
  run: Run,
  before: readonly StoredManifest[],
  { files, missing }: { files: ArchivedFile[]; missing: MissingFile[] },
  { evidence, now }: Pick<Ports, 'evidence' | 'now'>,
): Promise<void> {
  const part = before.length + 1;
  const previous = before.at(-1)?.digest;
  const manifest: Manifest = {
    ...{ v: 1, part, run: run.id, strategy: run.strategyId, at: now().toISOString(), files, missing },
    ...(previous && { previous }),
  };
  await evidence.replace(runKey(run, manifestFile(part)), manifestText(manifest), undefined);
}
