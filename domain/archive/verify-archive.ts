import { digestOfBytes } from '../ledger/digest.ts';
import { type ArchivedFile, Manifest, manifestFile } from './manifest.ts';

/** What the ledger says of one manifest: an entry `run.archived`. */
export type RecordedManifest = { readonly part: number; readonly hash: string };

/** A manifest as it was downloaded. */
export type ManifestBytes = { readonly file: string; readonly bytes: Uint8Array };

/** One thing that is not as it should be. */
export type ArchiveFinding = { readonly file: string; readonly expected: string; readonly actual: string };

/** A file by its digest, and its size where that is told. */
type Expected = Pick<ArchivedFile, 'path' | 'sha256'> & { readonly size?: number };

/** What is wrong with the chain, the first thing first; and every file that its manifests name. */
export type JudgedChain = {
  readonly findings: readonly ArchiveFinding[];
  readonly files: readonly ArchivedFile[];
};

/**
 * The manifests of an archive against one another and against the ledger: part for part, each naming the digest of the one before it, each with
 * exactly the digest that was recorded, none more and none less, and no file named twice.
 */
export function judgeChain(
  run: string,
  manifests: readonly ManifestBytes[],
  recorded: readonly RecordedManifest[],
): JudgedChain {
  const read = manifests.map(({ file, bytes }) => ({ file, digest: digestOfBytes(bytes), manifest: parsed(bytes) }));
  const findings = read.flatMap(({ file, digest, manifest }, at) => [
    ...equal(file, 'name', manifestFile(at + 1), file),
    ...(manifest ? [] : [{ file, expected: 'a manifest', actual: 'something that cannot be read as one' }]),
    ...equal(file, 'digest in the ledger', recorded.find(({ part }) => part === at + 1)?.hash ?? 'none', digest),
    ...(manifest
      ? [
          ...equal(file, 'part', at + 1, manifest.part),
          ...equal(file, 'run', run, manifest.run),
          ...equal(file, 'manifest before', read[at - 1]?.digest ?? 'none', manifest.previous ?? 'none'),
        ]
      : []),
  ]);
  const lost = recorded
    .filter(({ part }) => part > manifests.length)
    .map(({ part, hash }) => ({ file: manifestFile(part), expected: `the manifest ${hash}`, actual: 'not there' }));
  const files = read.flatMap(({ manifest }) => manifest?.files ?? []);
  const none = manifests.length === 0 ? [{ file: manifestFile(1), expected: 'a manifest', actual: 'not there' }] : [];
  return { findings: [...none, ...findings, ...lost, ...twice(files)], files };
}

/** One file of an archive against what is said of it: by its manifest, or of a manifest itself, whose size nobody tells. `bytes` is nothing when it is not there. */
export function judgeFile({ path, sha256, size }: Expected, bytes: Uint8Array | undefined): ArchiveFinding[] {
  if (!bytes) return [{ file: path, expected: sha256, actual: 'not there' }];
  const actual = digestOfBytes(bytes);
  return [...equal(path, 'size', size ?? bytes.byteLength, bytes.byteLength), ...equal(path, 'digest', sha256, actual)];
}

const equal = (file: string, what: string, expected: string | number, actual: string | number): ArchiveFinding[] =>
  expected === actual ? [] : [{ file, expected: `${what} ${expected}`, actual: String(actual) }];

function twice(files: readonly ArchivedFile[]): ArchiveFinding[] {
  const paths = files.map(({ path }) => path);
  const again = paths.filter((path, at) => paths.indexOf(path) !== at);
  return again.map((file) => ({ file, expected: 'named once', actual: 'named twice' }));
}

function parsed(bytes: Uint8Array): Manifest | undefined {
  try {
    return Manifest.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined; // the finding says that it cannot be read
  }
}
