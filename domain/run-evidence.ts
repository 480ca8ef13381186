import type { Run } from './control-record.ts';
import type { Digest } from './ids.ts';
import { canonicalJson } from './ledger/canonical-json.ts';
import type { Ports } from './ports/ports.ts';
import { Refusal } from './refusal.ts';
import { runKey } from './run-key.ts';
import type { RunStep } from './run-step.ts';

/** The recorded intent of a run; refuses a machine that was started by hand without one (architecture section 5). */
export async function readRun({ runId }: Pick<RunStep, 'runId'>, { records }: Pick<Ports, 'records'>): Promise<Run> {
  const run = await records.get('RUN', runId);
  if (!run)
    throw new Refusal(
      'NoIntent',
      `no intent was recorded as ${runId}`,
      'use the API or the CLI, not the Step Functions console',
    );
  return run;
}

/** Writes a record of the run, once: what stands there already from an earlier try of the same step stays, and its digest is returned. */
export async function writeRunEvidence(
  run: Run,
  file: string,
  content: unknown,
  { evidence }: Pick<Ports, 'evidence'>,
): Promise<{ key: string; hash: Digest }> {
  const key = runKey(run, file);
  const earlier = await evidence.read(key);
  const hash =
    earlier?.hash ??
    (await evidence.createOnce(key, typeof content === 'string' ? content : `${canonicalJson(content)}\n`));
  return { key, hash };
}
