import type { Run } from '../control-record.ts';
import type { Digest } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { reportsOf } from '../run-name.ts';
import { SmokeDocument } from './smoke-document.ts';

export const SMOKE_FILE = 'smoke.json';

export type ArchivedSmoke = {
  readonly document: SmokeDocument;
  readonly archived: { readonly key: string; readonly hash: Digest };
};

/** The archived report of a run; nothing when it replayed nothing. Throws a ZodError for bytes that are no such report: evidence that cannot be read is not guessed at. */
export async function readSmoke(run: Run, { evidence }: Pick<Ports, 'evidence'>): Promise<ArchivedSmoke | undefined> {
  const stored = await evidence.read(`${reportsOf(run.strategyId, run.id, run.startedAt)}/${SMOKE_FILE}`);
  if (!stored) return undefined;
  const document = SmokeDocument.parse(JSON.parse(Buffer.from(stored.bytes).toString('utf8')));
  return { document, archived: { key: stored.key, hash: stored.hash } };
}
