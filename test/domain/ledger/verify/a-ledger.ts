import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { ed25519KeyIn } from '../../../../domain/crypto/ed25519.ts';
import { BUNDLE_FORMAT, BundleHeader } from '../../../../domain/ledger/bundle/bundle-header.ts';
import { bundleLines } from '../../../../domain/ledger/bundle/bundle-lines.ts';
import { BundleVerifier } from '../../../../domain/ledger/bundle/bundle-verifier.ts';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import { checkpointText } from '../../../../domain/ledger/checkpoint.ts';
import { LogId } from '../../../../domain/ledger/ledger-entry.ts';
import { leafHash, rootOf } from '../../../../domain/ledger/merkle.ts';
import { type NoteKey, noteKey, signedNote } from '../../../../domain/ledger/signed-note.ts';
import { heldCheckpointIn, type Trust } from '../../../../domain/ledger/verify/held-evidence.ts';
import { LogVerifier } from '../../../../domain/ledger/verify/log-verifier.ts';
import { leafOf, MerkleStack } from '../../../../domain/ledger/verify/merkle-stack.ts';
import type { Report } from '../../../../domain/ledger/verify/report.ts';

export type Signer = { key: NoteKey; privateKey: KeyObject };

export const LEDGER = 'tradepulse/test';
export const LOG = 'btc-momentum';
const PKCS8 = '302e020100300506032b657004220420';

/** A signer that is the same in every run. */
export function aSigner(seed: number, ledger = LEDGER): Signer {
  const der = Buffer.concat([Buffer.from(PKCS8, 'hex'), Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const key = noteKey(ledger, ed25519KeyIn(spki) ?? new Uint8Array());
  if (!key) throw new Error('no key');
  return { key, privateKey };
}

export const KEYS = [1, 2, 3].map((seed) => aSigner(seed));
export const [FIRST, SECOND, THIRD] = KEYS as [Signer, Signer, Signer];
/** Nobody trusts this one, though it has the ledger's name. */
export const STRANGER = aSigner(99);

/** One entry's text; `more` replaces members. */
export const anEntry = (seq: number, more: Record<string, unknown> = {}): string =>
  canonicalJson({
    ...{ v: 1, log: LOG, seq, at: new Date(1_795_000_000_000 + seq * 1000).toISOString(), type: 'gates.judged' },
    ...{ actor: 'service:test', payload: { n: seq }, proofs: [], ...more },
  });

/** An entry that changes the key. */
export const aKeyChange = (seq: number, from: Signer, to: Signer): string =>
  anEntry(seq, { type: 'checkpoint-key.rotated', payload: { from: from.key.vkey, to: to.key.vkey } });

/** An entry with what a person's approval leaves behind. */
export const anApproval = (
  seq: number,
  more: Record<string, unknown> = {},
  proof: Record<string, unknown> = {},
): string => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  const own = { method: 'oidc-totp', subject: 'sub-1', acr: 'mfa', authTime: '2026-11-18T00:00:00.000Z', digest };
  return anEntry(seq, {
    ...{ type: 'approval.signed', actor: 'sub-1', payload: { digest }, proofs: [{ ...own, ...proof }], ...more },
  });
};

/** The note of a checkpoint over these entries. */
export const aCheckpoint = (
  entries: readonly string[],
  signers: readonly Signer[],
  origin = `${LEDGER}/${LOG}`,
): string =>
  aNote(checkpointText({ origin, size: entries.length, root: rootOf(entries.map((each) => leafHash(each))) }), signers);

/** The roots of all sizes of a log. */
function rootsOf(entries: readonly string[]): string[] {
  const stack = new MerkleStack();
  return [...entries, ''].map((text) => {
    const root = stack.root();
    stack.push(0, leafOf(text));
    return root;
  });
}

export const aNote = (text: string, signers: readonly Signer[]): string =>
  signedNote(
    text,
    signers.map(({ key, privateKey }) => ({ key, signature: sign(null, Buffer.from(text), privateKey) })),
  );

/** A log as its keeper has it: entries, and a checkpoint of each of the sizes. */
export type ALog = { entries: readonly string[]; checkpoints: readonly { size: number; note: string }[] };

/** Checkpoints of a log at these sizes, signed as its changes of key demand. */
export function aLog(
  entries: readonly string[],
  sizes: readonly number[],
  first = FIRST,
  origin = `${LEDGER}/${LOG}`,
): ALog {
  const changes = entries.flatMap((text, index) => (text.includes('checkpoint-key.rotated') ? [index] : []));
  const signerOf = (count: number) => KEYS[(KEYS.indexOf(first) + count) % KEYS.length] ?? first;
  const roots = rootsOf(entries);
  let before = 0;
  const checkpoints = sizes.map((size) => {
    const after = changes.filter((index) => index < size).length;
    const signers = Array.from({ length: after - before + 1 }, (_, at) =>
      after === 0 ? first : signerOf(before + at),
    );
    before = after;
    return { size, note: aNote(checkpointText({ origin, size, root: roots[size] ?? '' }), signers) };
  });
  return { entries, checkpoints };
}

/** The lines of a bundle of the log, of all of it where nothing else is said. */
export async function bundleOf({ entries, checkpoints }: ALog, header: Partial<BundleHeader> = {}): Promise<string[]> {
  const size = header.size ?? checkpoints.at(-1)?.size ?? 0;
  const whole = {
    ...BUNDLE_FORMAT,
    exportedAt: '2026-11-25T00:00:00.000Z',
    from: 0,
    log: LogId.parse(LOG),
    origin: `${LEDGER}/${LOG}`,
    size,
    to: size,
  };
  const source = {
    entries: eachOf(entries.map((text, index) => ({ index, leafHash: leafHash(text), text }))),
    checkpoints: eachOf(checkpoints),
  };
  return allOf(bundleLines(BundleHeader.parse({ ...whole, ...header }), source));
}

export async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function* eachOf<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

/** What an auditor has: keys, and what was kept. */
export const trust = ({
  keys = [FIRST],
  held = [],
  receipts = [],
}: {
  keys?: readonly Signer[];
  held?: readonly string[];
  receipts?: Trust['receipts'];
} = {}): Trust => ({
  keys: keys.map(({ key }) => key),
  checkpoints: held.map((note) => heldCheckpointIn(note) ?? expected('a checkpoint')),
  receipts,
});

/** Verifies the lines of a bundle. */
export function verified(lines: readonly string[], outside: Trust = trust()): Report {
  const verifier = new BundleVerifier(() => outside);
  for (const line of lines) verifier.line(line);
  return verifier.report();
}

/** The kinds of what was found. */
export const kindsIn = ({ findings }: Report) => [...new Set(findings.map(({ kind }) => kind))];

const expected = (what: string): never => {
  throw new Error(`expected ${what}`);
};

export const five = [0, 1, 2, 3, 4].map((seq) => anEntry(seq));
export const receipt = (index: number, text: string) => ({ log: LogId.parse(LOG), index, leafHash: leafHash(text) });
/** What is found in a log whose entries are all signed, so that nothing but their form can be wrong. */
export function foundIn(...entries: string[]) {
  const size = entries.length;
  const log = new LogVerifier({ log: LOG, origin: `${LEDGER}/${LOG}`, size, from: 0, to: size }, trust());
  for (const text of entries) log.entry(text);
  log.checkpoint(aCheckpoint(entries, [FIRST]));
  return log.report();
}
