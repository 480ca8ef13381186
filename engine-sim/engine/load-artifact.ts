import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../program/problem.ts';
import { digestOfBytes } from './document-digest.ts';

/** Reads the artifact called `sha256-<hex>` and hashes what was really read. Refuses a missing file, and one that is not what its name says. */
export async function loadArtifact(folder: string, digest: string): Promise<string> {
  const name = digest.replace(':', '-'); // a digest is only hex digits after that: no path can hide in it
  const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    throw new Problem(
      404,
      'ArtifactMissing',
      `the artifact ${name} is not in the artifacts folder (${error.code})`,
      'publish it there, then deploy again',
      {
        artifactDigest: digest,
      },
    );
  });
  const actual = digestOfBytes(bytes);
  if (actual === digest) return actual;
  throw new Problem(
    409,
    'ArtifactAltered',
    `the file ${name} hashes to ${actual}`,
    'publish the approved artifact again, and find out who changed it',
    {
      expected: digest,
      actual,
    },
  );
}
