import type { Run } from '../control-record.ts';
import type { Digest } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { Manifest, manifestFile } from './manifest.ts';

const MOST_PARTS = 100;

/** A manifest as it is stored. */
export type StoredManifest = { readonly key: string; readonly digest: Digest; readonly manifest: Manifest };

/** Every manifest of a run's archive, the first one first; none where it was never archived. Throws for one that is no manifest. */
export async function readChain(
  run: Pick<Run, 'id' | 'strategyId' | 'startedAt'>,
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<StoredManifest[]> {
  const chain: StoredManifest[] = [];
  for (let part = 1; part <= MOST_PARTS; part += 1) {
    const document = await evidence.read(runKey(run, manifestFile(part)));
    if (!document) break;
    const manifest = Manifest.parse(JSON.parse(new TextDecoder().decode(document.bytes)));
    chain.push({ key: document.key, digest: document.hash, manifest });
  }
  return chain;
}
