import type { Receipt } from '../../domain/ledger/ledger-entry.ts';
import { provesInclusion } from '../../domain/ledger/merkle-proofs.ts';
import type { ApiClient } from '../api-client.ts';
import { type JudgingKeys, signedCheckpoint } from '../audit/checkpoint-keys.ts';
import { judgingKeys } from '../audit/judging-keys.ts';
import { receiptIn } from '../audit/receipt-in.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { InclusionProof } from '../replies.ts';

export type ReceiptOptions = { readonly keys?: string; readonly wait: number };

const POLL_MS = 1000;

/**
 * Proves that the entry of a receipt stands in the log, under the newest signed checkpoint: signature and inclusion proof are
 * checked here. Waits up to `wait` seconds for a checkpoint that covers it. Refuses (5) whatever does not prove it.
 */
export async function auditReceipt(
  context: Context,
  typed: string,
  { keys: file, wait }: ReceiptOptions,
): Promise<void> {
  const { out } = context;
  const receipt = await receiptIn(typed);
  const api = await context.api('read');
  const keys = await judgingKeys(context, api, file);
  const { size, root } = check(receipt, await proofOf(context, api, receipt, wait), keys);
  const proved = { receipt, proved: true, size, root, keysFromOutside: keys.fromOutside };
  out.step(
    'succeeded',
    `entry ${receipt.index} of ${receipt.log} stands in the log as it was when your receipt was made, under the checkpoint of size ${size}`,
    undefined,
    proved,
  );
}

async function proofOf(
  { surroundings, out }: Context,
  api: ApiClient,
  { log, index }: Receipt,
  wait: number,
): Promise<InclusionProof> {
  const giveUpAt = surroundings.elapsedMs() + wait * 1000;
  for (;;) {
    try {
      return await api.get(`/v1/ledger/${encodeURIComponent(log)}/proofs/${index}`, InclusionProof);
    } catch (error) {
      const isEarly = error instanceof CliError && error.code === 'NotCheckpointed';
      if (!isEarly || surroundings.interrupted.aborted || surroundings.elapsedMs() >= giveUpAt) throw error;
      out.transient(`waiting for a checkpoint over entry ${index} of ${log}`);
      await surroundings.sleep(POLL_MS);
    }
  }
}

function check(
  { log, index, leafHash }: Receipt,
  { checkpoint, size, hashes, leafHash: actual }: InclusionProof,
  keys: JudgingKeys,
) {
  const signed = signedCheckpoint(checkpoint, keys, log);
  if (actual !== leafHash)
    throw broken(
      `entry ${index} of ${log} is another one than your receipt is for: its leaf hash is ${actual}, and your receipt says ${leafHash}`,
    );
  if (signed.size !== size || !provesInclusion({ index, size, leaf: leafHash }, hashes, signed.root))
    throw broken(`the proof does not lead from entry ${index} of ${log} to the root that was signed`);
  return signed;
}

const broken = (message: string) =>
  new CliError(
    'parity',
    message,
    'if the receipt is genuine, the ledger was tampered with: keep the receipt, export the log (tradepulse-cli audit export), and call the auditor',
    { code: 'LedgerBroken' },
  );
