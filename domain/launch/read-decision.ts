import type { Run } from '../control-record.ts';
import type { Digest } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { runKey } from '../run-key.ts';
import { GoNoGoDecision } from './go-no-go-decision.ts';
import { jsonIn } from './json-in.ts';
import { GO_NO_GO } from './run-files.ts';

export type ArchivedDecision = { readonly key: string; readonly hash: Digest; readonly decision: GoNoGoDecision };

/** The archived decision of a run; nothing where none was reached. Refuses (NoGo) a file that is none: it does not carry a launch. */
export async function readDecision(
  run: Run,
  { evidence }: { readonly evidence: Pick<Ports['evidence'], 'read'> },
): Promise<ArchivedDecision | undefined> {
  const key = runKey(run, GO_NO_GO);
  const document = await evidence.read(key);
  if (!document) return undefined;
  const decision = decisionIn(document.bytes);
  if (decision?.run !== run.id)
    throw new Refusal('NoGo', `${key} is no decision of ${run.id}`, 'find out who wrote it, and call the auditor', {
      key,
    });
  return { key, hash: document.hash, decision };
}

/** A decision out of the bytes of its file; nothing for what is none. */
export const decisionIn = (bytes: Uint8Array): GoNoGoDecision | undefined =>
  GoNoGoDecision.safeParse(jsonIn(bytes)).data;
