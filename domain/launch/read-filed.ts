import * as z from 'zod';
import type { Run } from '../control-record.ts';
import { Digest } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { runKey } from '../run-key.ts';
import { stepKey } from '../run-step.ts';
import { jsonIn } from './json-in.ts';

/** What is read of a step's recorded reply: its verdict, and the digest of the file that it wrote. */
const Reply = z.object({
  verdict: z.string(),
  summary: z.string(),
  preconditionsDigest: Digest.optional(),
  smokeDigest: Digest.optional(),
  killPathDigest: Digest.optional(),
});

/** What a step of the run answered when it was committed, and when; nothing where it was not. */
export async function replyOf({ id, strategyId, epoch }: Run, step: string, { records }: Pick<Ports, 'records'>) {
  const recorded = await records.get('COMMAND', stepKey({ strategyId, runId: id, epoch }, step).key);
  const reply = Reply.safeParse(recorded?.reply).data;
  return reply && recorded ? { reply, at: recorded.at } : undefined;
}

/** Which file, and which step wrote it. */
type File = { readonly step: string; readonly file: string };

/** A file of the run's folder, with the digest that its step recorded; null where either is missing, or unreadable. */
export async function readFiled<Schema extends z.ZodType>(
  run: Run,
  { step, file }: File,
  schema: Schema,
  ports: Pick<Ports, 'records' | 'evidence'>,
) {
  const [recorded, document] = await Promise.all([replyOf(run, step, ports), ports.evidence.read(runKey(run, file))]);
  const { preconditionsDigest, smokeDigest, killPathDigest } = recorded?.reply ?? {};
  const digest = preconditionsDigest ?? smokeDigest ?? killPathDigest;
  const content = schema.safeParse(document && jsonIn(document.bytes));
  if (!document || !digest || !content.success) return null;
  return { filed: { hash: document.hash, recorded: digest }, content: content.data };
}
