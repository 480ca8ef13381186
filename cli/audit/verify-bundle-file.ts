import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BundleVerifier, type TrustFor } from '../../domain/ledger/bundle/bundle-verifier.ts';
import type { Report } from '../../domain/ledger/verify/report.ts';
import { containerName } from './container-name.ts';
import { LineSplitter } from './line-splitter.ts';
import { openFile, readable } from './open-file.ts';

const CHUNK_BYTES = 262_144;

/** Verifies the bundle in a file, gzip or plain, in memory that does not grow with it. Throws `CannotRead` where the file cannot be opened. */
export async function verifyBundleFile(path: string, trustFor: TrustFor): Promise<Report> {
  const handle = await openFile(path, { followLink: true });
  try {
    const verifier = new BundleVerifier(trustFor);
    await readable(() => feed(handle, verifier));
    return verifier.report();
  } finally {
    await handle.close();
  }
}

async function feed(handle: FileHandle, verifier: BundleVerifier): Promise<void> {
  try {
    await split(await contentOf(handle), verifier);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'Z_BUF_ERROR') verifier.cut('the compressed stream ends early');
    else if (code.startsWith('Z_')) verifier.unreadable('the compressed stream is damaged');
    else throw error;
  }
}

async function split(content: AsyncIterable<Buffer>, verifier: BundleVerifier): Promise<void> {
  const splitter = new LineSplitter(verifier);
  let take = (chunk: Buffer) => {
    const container = containerName(chunk);
    if (container) verifier.unreadable(`it is ${container}, so unpack it first`);
    else splitter.push(chunk);
    take = (later) => splitter.push(later);
  };
  for await (const chunk of content) {
    take(chunk);
    if (verifier.isDone) return;
  }
  splitter.end();
}

/** The bytes of the file; those that are in it, where it begins like gzip. */
async function contentOf(handle: FileHandle): Promise<AsyncIterable<Buffer>> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  const source = handle.createReadStream({ start: 0, highWaterMark: CHUNK_BYTES, autoClose: false });
  if (bytesRead < 2 || buffer.readUInt16BE() !== 0x1f8b) return source;
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  source.on('error', (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}
