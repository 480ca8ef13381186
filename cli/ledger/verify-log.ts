import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { leafHash, rootOf } from '../../domain/ledger/merkle.ts';
import type { ApiClient } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import { LedgerPage } from '../replies.ts';

export type VerifiedLog = {
  readonly log: string;
  readonly size: number;
  readonly root: string;
  readonly verified: true;
};

/**
 * Reads a whole log and recomputes it from the entries alone (architecture section 4): every leaf hash, the unbroken
 * sequence, and the RFC 6962 root. Refuses, naming the first entry that does not fit. A log may grow meanwhile: the size
 * and root of the first page are what is proved.
 */
export async function verifyLog(api: ApiClient, log: string): Promise<VerifiedLog> {
  const path = `/v1/ledger/${encodeURIComponent(log)}`;
  const leaves: string[] = [];
  const { size, root } = await api.get(`${path}?from=0&limit=1&order=asc`, LedgerPage);
  while (leaves.length < size) {
    const page = await api.get(`${path}?from=${leaves.length}&order=asc`, LedgerPage);
    if (page.entries.length === 0) throw broken(log, `entry ${leaves.length} of ${size} is missing`);
    for (const each of page.entries.slice(0, size - leaves.length)) leaves.push(checkedLeaf(log, each, leaves.length));
  }
  const actual = rootOf(leaves);
  if (actual !== root)
    throw broken(log, `the root of its ${size} entries is ${actual}, but the control plane says ${root}`);
  return { log, size, root, verified: true };
}

/** The leaf hash of an entry that is what it says it is, where it belongs. Refuses any other. */
export function checkedLeaf(
  log: string,
  { index, leafHash: claimed, entry }: LedgerPage['entries'][number],
  expected: number,
): string {
  if (index !== expected || entry['seq'] !== expected)
    throw broken(log, `entry ${index} (sequence ${entry['seq']}) stands where ${expected} belongs`);
  if (entry['log'] !== log) throw broken(log, `entry ${index} belongs to the log ${entry['log']}`);
  const actual = leafHash(canonicalJson(entry));
  if (actual !== claimed) throw broken(log, `entry ${index} hashes to ${actual}, but its leaf is ${claimed}`);
  return actual;
}

const broken = (log: string, what: string) =>
  new CliError(
    'parity',
    `the ledger ${log} does not verify: ${what}`,
    'treat this as tampering: keep the data folder as it is, and call the auditor',
    { code: 'LedgerBroken' },
  );
