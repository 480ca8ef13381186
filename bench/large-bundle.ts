import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import { ed25519KeyIn } from '../domain/crypto/ed25519.ts';
import { BUNDLE_FORMAT } from '../domain/ledger/bundle/bundle-header.ts';
import { canonicalJson } from '../domain/ledger/canonical-json.ts';
import { checkpointText } from '../domain/ledger/checkpoint.ts';
import { noteKey, signedNote } from '../domain/ledger/signed-note.ts';
import { leafOf, MerkleStack } from '../domain/ledger/verify/merkle-stack.ts';

const ORIGIN = 'bench/ledger/btc-momentum';
const ENTRIES_PER_CHECKPOINT = 250;

export type LargeBundle = {
  readonly plain: string;
  readonly packed: string;
  readonly keys: string;
  readonly bytes: number;
};

/** Writes a bundle of so many entries, plain and gzip, made up like a log of launches: one approval in five entries, a checkpoint every 250. */
export async function writeLargeBundle(folder: string, count: number): Promise<LargeBundle> {
  const signer = aSigner();
  const [plain, packed, keys] = [join(folder, 'large.jsonl'), join(folder, 'large.jsonl.gz'), join(folder, 'keys')];
  await writeFile(keys, `${signer.key.vkey}\n`);
  let bytes = 0;
  const counted = function* () {
    for (const chunk of chunks(count, signer)) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  await pipeline(Readable.from(counted()), createWriteStream(plain));
  await pipeline(
    Readable.from(chunks(count, signer)),
    createGzip({ level: constants.Z_BEST_SPEED }),
    createWriteStream(packed),
  );
  return { plain, packed, keys, bytes };
}

function aSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = noteKey(
    'bench/ledger',
    ed25519KeyIn(publicKey.export({ format: 'der', type: 'spki' })) ?? new Uint8Array(),
  );
  if (!key) throw new Error('a fresh key is no key');
  return {
    key,
    note: (text: string) => signedNote(text, [{ key, signature: sign(null, Buffer.from(text), privateKey) }]),
  };
}

/** The lines of the bundle, those up to the next checkpoint at a time. */
function* chunks(count: number, { note }: ReturnType<typeof aSigner>): Generator<string> {
  const whole = {
    exportedAt: '2026-11-25T00:00:00.000Z',
    from: 0,
    log: 'btc-momentum',
    origin: ORIGIN,
    size: count,
    to: count,
  };
  yield `${canonicalJson({ ...BUNDLE_FORMAT, ...whole })}\n`;
  const tree = new MerkleStack();
  for (let begin = 0; begin < count; begin += ENTRIES_PER_CHECKPOINT) {
    const length = Math.min(ENTRIES_PER_CHECKPOINT, count - begin);
    const entries = Array.from({ length }, (_, at) => entryText(begin + at));
    for (const text of entries) tree.push(0, leafOf(text));
    const checkpoint = note(checkpointText({ origin: ORIGIN, size: tree.size, root: tree.root() }));
    yield `${entries.join('\n')}\n${JSON.stringify(checkpoint)}\n`;
  }
}

/** Canonical as written: making a million of them from objects would take longer than verifying them. */
function entryText(seq: number): string {
  const at = new Date(1_795_000_000_000 + seq * 1000).toISOString();
  const run = `launch-btc-momentum-20261125-${seq % 1000}`;
  const digest = `sha256:${createHash('sha256').update(String(seq)).digest('hex')}`;
  const end = `"run":"${run}","seq":${seq},"ticket":"CHG-${seq % 100}"`;
  return seq % 5 === 0
    ? `{"actor":"9f8c1d2e-0000-4000-8000-00000000000${seq % 10}","at":"${at}","execution":"${run}","log":"btc-momentum","payload":{"approval":"${run}-two-confirmations","digest":"${digest}","kind":"two-confirmations","role":"risk-officer","status":"open"},"proofs":[{"acr":"mfa","authTime":"${at}","digest":"${digest}","method":"oidc-totp","subject":"9f8c1d2e-0000-4000-8000-00000000000${seq % 10}"}],${end},"type":"approval.signed","v":1}`
    : `{"actor":"service:monitor","at":"${at}","execution":"${run}","log":"btc-momentum","payload":{"epoch":${seq % 7},"findings":[{"actual":"${seq % 9}.5","check":"risk.leverage","expected":"<= 5","verdict":"go"},{"actual":0.25,"check":"risk.drawdown","expected":"<= 0.3","verdict":"go"}],"hash":"${digest}"},"proofs":[],${end},"type":"gates.judged","v":1}`;
}
