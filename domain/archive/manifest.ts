import * as z from 'zod';
import { Digest, RunId, StrategyId } from '../ids.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';

/** A file below a run's folder: plain names, no way out of it. */
export const ArchivePath = z
  .string()
  .max(300)
  .regex(
    /^(?!\.{1,2}(\/|$))[A-Za-z0-9._-]{1,120}(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]{1,120}){0,5}$/,
    'a path is names of letters, digits, ., _ and - with / between, below the folder of the run',
  );

/** One file with the digest of its bytes, its size in bytes, and what it was made from. */
export const ArchivedFile = z.object({
  path: ArchivePath,
  sha256: Digest,
  size: z.int().min(0),
  source: z.string().max(300),
});
export type ArchivedFile = z.infer<typeof ArchivedFile>;

/** A file that should be there and is not, or not whole, and why. */
export const MissingFile = z.object({ file: z.string().max(300), why: z.string().max(500) });
export type MissingFile = z.infer<typeof MissingFile>;

/**
 * `MANIFEST.json`, and `MANIFEST.2.json` and so on for what was filed later: each names the digest of the one before it, so that they are a chain
 * (docs/decisions/024). Files by path; a manifest names neither itself nor another one.
 */
export const Manifest = z.object({
  v: z.literal(1),
  part: z.int().min(1),
  run: RunId,
  strategy: StrategyId,
  at: z.iso.datetime(),
  /** Digest of the bytes of the manifest before; left out in the first. */
  previous: Digest.optional(),
  files: z.array(ArchivedFile),
  missing: z.array(MissingFile),
});
export type Manifest = z.infer<typeof Manifest>;

/** `MANIFEST.json`, `MANIFEST.2.json`, ... */
export const manifestFile = (part: number): string => (part === 1 ? 'MANIFEST.json' : `MANIFEST.${part}.json`);

export const isManifest = (path: string): boolean => /^MANIFEST(\.\d+)?\.json$/.test(path);

/** The bytes of a manifest: RFC 8785, one line. Whatever order files were found in, they stand by path. */
export const manifestText = (manifest: Manifest): string =>
  `${canonicalJson({
    ...manifest,
    files: manifest.files.toSorted(byName(({ path }) => path)),
    missing: manifest.missing.toSorted(byName(({ file, why }) => `${file} ${why}`)),
  })}\n`;

const byName =
  <T>(nameOf: (each: T) => string) =>
  (left: T, right: T): number =>
    nameOf(left) < nameOf(right) ? -1 : 1;
