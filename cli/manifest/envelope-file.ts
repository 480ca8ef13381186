import * as z from 'zod';
import {
  ChangeManifest,
  MANIFEST_PAYLOAD_TYPE,
  MAX_MANIFEST_BYTES,
  type ReadManifest,
  readManifest,
} from '../../domain/launch/change-manifest.ts';
import { envelopeOf } from '../../domain/manifest/sign-envelope.ts';
import { CliError } from '../cli-error.ts';
import { readSmallFile } from './small-file.ts';

const NEXT = 'make it with: tradepulse-cli manifest create';

/** The signed manifest in a file, whoever signed it. Refuses what is none, with every mistake. */
export async function readEnvelope(path: string): Promise<ReadManifest> {
  const read = readManifest(await readSmallFile(path, MAX_MANIFEST_BYTES));
  if (typeof read === 'string')
    throw new CliError('artifact', `${path} is no signed manifest: ${read}`, NEXT, { code: 'ManifestTampered' });
  return read;
}

/** The same, and a statement that nobody has signed yet becomes an envelope without signatures. */
export async function readStatementOrEnvelope(path: string): Promise<ReadManifest> {
  const json = jsonOf((await readSmallFile(path, MAX_MANIFEST_BYTES)).toString('utf8'));
  if (z.object({ payloadType: z.literal(MANIFEST_PAYLOAD_TYPE) }).safeParse(json).success) return readEnvelope(path);
  const manifest = ChangeManifest.safeParse(json);
  if (manifest.success) return { manifest: manifest.data, envelope: envelopeOf(manifest.data) };
  throw new CliError('usage', `${path} is no manifest: ${z.prettifyError(manifest.error)}`, NEXT);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says what is wrong
  }
}
