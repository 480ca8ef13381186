import { type HeldCheckpoint, heldCheckpointIn, type Trust } from '../../domain/ledger/verify/held-evidence.ts';
import { CliError } from '../cli-error.ts';
import { CannotRead, smallText } from './open-file.ts';
import { readKeys } from './read-keys.ts';
import { receiptIn } from './receipt-in.ts';

/** Where what is known from outside stands: files, or a receipt as it was typed. */
export type TrustOptions = {
  readonly keys?: string;
  readonly checkpoint?: readonly string[];
  readonly receipt?: readonly string[];
};

const MOST_BYTES = 1_048_576;

/** Reads what is known from outside. Refuses as wrong usage what cannot be read: leaving it out unasked would weaken the verdict. */
export async function trustFrom({ keys, checkpoint = [], receipt = [] }: TrustOptions): Promise<Trust> {
  return {
    keys: keys === undefined ? [] : await readKeys(keys),
    checkpoints: await Promise.all(checkpoint.map(checkpointAt)),
    receipts: await Promise.all(receipt.map(receiptIn)),
  };
}

async function checkpointAt(path: string): Promise<HeldCheckpoint> {
  const held = heldCheckpointIn(await textAt(path));
  if (held) return held;
  throw unusable(`${path} is no checkpoint`);
}

async function textAt(path: string): Promise<string> {
  try {
    return await smallText(path, MOST_BYTES, { followLink: true });
  } catch (error) {
    if (!(error instanceof CannotRead)) throw error;
    throw unusable(`the checkpoint in ${path} cannot be read: ${error.message}`);
  }
}

const unusable = (message: string) =>
  new CliError('usage', message, 'give a signed note exactly as tradepulse-cli audit checkpoint printed it');
