import * as z from 'zod';
import { Digest, RunId, StrategyId } from '../ids.ts';
import { ArchivePath, Manifest } from './manifest.ts';

/** An archive as the API shows it: where it stands, and every manifest of its chain. */
export const ArchiveView = z.object({
  run: RunId,
  strategy: StrategyId,
  folder: z.string(),
  manifests: z.array(z.object({ file: ArchivePath, digest: Digest, manifest: Manifest })),
});
export type ArchiveView = z.infer<typeof ArchiveView>;
