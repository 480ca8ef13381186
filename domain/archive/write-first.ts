import type { Ports } from '../ports/ports.ts';

/** Writes a file of an archive unless it stands already: what was written first stays, so that a broken archive is finished as it was begun. True when it was written now. */
export async function writeFirst(
  key: string,
  content: string | Uint8Array,
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<boolean> {
  if (await evidence.read(key)) return false;
  return (await evidence.replace(key, content, undefined)) !== undefined; // somebody else may have been first
}
