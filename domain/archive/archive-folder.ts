import type { Run } from '../control-record.ts';
import { inTurns } from '../kill/turns.ts';
import { digestOfBytes } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { SNAPSHOTS, Snapshot } from '../snapshot/snapshot.ts';
import { type ArchivedFile, ArchivePath, isManifest } from './manifest.ts';
import { sourceOf } from './source-of.ts';

type OfRun = Pick<Run, 'id' | 'strategyId' | 'startedAt'>;
type Reads = Pick<Ports, 'evidence'>;

const AT_A_TIME = 16;
const PATIENCE_MS = 60_000;
const MOST_SNAPSHOTS = 50_000; // five weeks of minutes

/** Everything below the folder of a run, by path, but for names that no archive can hold. */
export async function pathsOf(run: OfRun, { evidence }: Reads): Promise<string[]> {
  const folder = runKey(run, '');
  const keys = await evidence.list(folder);
  return keys
    .map((key) => key.slice(folder.length))
    .filter((path) => ArchivePath.safeParse(path).success)
    .toSorted();
}

/** Whether a manifest names the file: not a manifest, and not the minutes that `telemetry.jsonl` holds line by line. */
export const isNamed = (path: string): boolean => !isManifest(path) && !path.startsWith(SNAPSHOTS);

/** Files as a manifest names them, hashed anew from their bytes. */
export function hashedFiles(run: OfRun, paths: readonly string[], { evidence }: Reads): Promise<ArchivedFile[]> {
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  return Promise.all(
    paths.map((path) =>
      turn(async () => {
        const document = await evidence.read(runKey(run, path));
        if (!document) throw new Error(`${runKey(run, path)} was listed and is gone`);
        const { bytes } = document;
        return { path, sha256: digestOfBytes(bytes), size: bytes.byteLength, source: sourceOf(path) };
      }),
    ),
  );
}

/** The minutes of a run that were kept, oldest first. Throws for one that is none of ours. */
export function snapshotsOf(run: OfRun, paths: readonly string[], { evidence }: Reads): Promise<Snapshot[]> {
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  const kept = paths.filter((path) => path.startsWith(SNAPSHOTS)).slice(0, MOST_SNAPSHOTS);
  return Promise.all(
    kept.map((path) =>
      turn(async () => {
        const document = await evidence.read(runKey(run, path));
        return Snapshot.parse(JSON.parse(new TextDecoder().decode(document?.bytes)));
      }),
    ),
  );
}
