import { readFile } from 'node:fs/promises';
import { provesConsistency } from '../../domain/ledger/merkle-proofs.ts';
import type { ApiClient } from '../api-client.ts';
import { signedCheckpoint } from '../audit/checkpoint-keys.ts';
import { judgingKeys } from '../audit/judging-keys.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { ConsistencyProof } from '../replies.ts';

export type CheckpointOptions = { readonly held?: string; readonly keys?: string };

/**
 * The newest checkpoint of a log, to be kept somewhere else. With one that was kept earlier it proves that the log has only grown
 * since: nothing before it was edited, removed or replaced. Refuses (5) when it cannot. Words go to stderr: stdout is for keeping.
 */
export async function auditCheckpoint(
  context: Context,
  log: string,
  { held, keys: file }: CheckpointOptions,
): Promise<void> {
  const { out, surroundings } = context;
  const note = held === undefined ? undefined : await noteIn(held);
  const api = await context.api('read');
  const keys = await judgingKeys(context, api, file);
  const earlier = note === undefined ? { size: 0, root: '' } : signedCheckpoint(note, keys, log);
  const { checkpoint, hashes } = await growthSince(api, log, earlier.size);
  const newest = signedCheckpoint(checkpoint, keys, log);
  if (!provesConsistency(earlier, newest, hashes))
    throw new CliError(
      'parity',
      `the checkpoint of size ${newest.size} does not go on from the one of size ${earlier.size} that you hold: the log was rewritten`,
      'keep both checkpoints: together they prove it. Export the log (tradepulse-cli audit export) and call the auditor',
      { code: 'LedgerBroken', facts: { held: note, newest: checkpoint } },
    );
  if (held !== undefined)
    surroundings.stderr.write(
      `the log has only grown from ${earlier.size} to ${newest.size} entries since the checkpoint you hold\n`,
    );
  if (out.format === 'jsonl')
    return out.result({ log, checkpoint, ...newest, ...(held !== undefined && { growsFrom: earlier.size }) }, '');
  surroundings.stdout.write(checkpoint); // the very bytes, so that it can be kept with `>`
}

/** What leads from that size to the newest checkpoint. A log that is shorter than what was signed has lost entries. */
async function growthSince(api: ApiClient, log: string, size: number): Promise<ConsistencyProof> {
  try {
    return await api.get(`/v1/ledger/${encodeURIComponent(log)}/consistency/${size}`, ConsistencyProof);
  } catch (error) {
    if (!(error instanceof CliError && error.code === 'NotCheckpointed' && size > 0)) throw error;
    throw new CliError(
      'parity',
      `${error.message}: the one you hold is signed, so entries were removed`,
      'keep your checkpoint: it proves it. Call the auditor',
      { code: 'LedgerBroken', facts: error.facts },
    );
  }
}

async function noteIn(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError('usage', `${path} cannot be read`, 'give the file of a checkpoint you kept', { cause });
  });
}
