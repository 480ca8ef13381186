import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { Receipt } from '../../domain/ledger/ledger-entry.ts';
import { CliError } from '../cli-error.ts';

const Whole = Receipt.extend({ leafHash: z.string().regex(/^[0-9a-f]{64}$/) });
/** A receipt by itself, or a whole reply that carries one. */
const Given = z.union([Whole, z.looseObject({ receipt: Whole }).transform(({ receipt }) => receipt)]);
const SHORT = /^([a-z][a-z0-9-]{0,39})\/(\d{1,15})\/([0-9a-f]{64})$/;
const LARGEST = 1_000_000;

/** Reads a receipt from what was typed: `log/index/leaf hash`, JSON, or a file that holds either. Refuses anything else with the three forms. */
export async function receiptIn(typed: string): Promise<Receipt> {
  const text = typed.trim().startsWith('{') || SHORT.test(typed.trim()) ? typed : await fileIn(typed);
  const [, log, index, leafHash] = SHORT.exec(text.trim()) ?? [];
  const receipt = Given.safeParse(log === undefined ? jsonIn(text) : { log, index: Number(index), leafHash });
  if (receipt.success) return receipt.data;
  throw noReceipt(`'${typed.slice(0, 80)}' holds no receipt`);
}

async function fileIn(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw noReceipt(`'${path.slice(0, 80)}' is no receipt, and cannot be read as a file: ${reasonOf(error)}`);
  });
  if (text.length > LARGEST) throw noReceipt(`${path} is too large to be a receipt`);
  return text;
}

const reasonOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const noReceipt = (message: string) =>
  new CliError(
    'usage',
    message,
    'give log/index/leafhash, the JSON {"log":…,"index":…,"leafHash":…}, or a file with either, e.g. a reply kept with --output jsonl',
    { code: 'NoReceipt' },
  );
