import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { signRequest } from '../../domain/crypto/sign-request.ts';
import { nonceCache } from '../../engine-sim/engine/nonce-cache.ts';
import { publicKeyOf, verifySignature } from '../../engine-sim/engine/verify-signature.ts';

const [command, kill, stranger] = [
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('ed25519'),
];
const keys = { command: command.publicKey, kill: kill.publicKey };
const targetUri = 'http://127.0.0.1:4511/btc-1/v1/commands/halt';
const body = new TextEncoder().encode('{"a":1}');
const now = new Date();
const NONCE = 'a-nonce-of-enough-characters';

type Change = {
  keyid?: 'command' | 'kill';
  signedBy?: typeof command;
  at?: Date;
  nonce?: string;
  edit?: (headers: Record<string, string>) => void;
};

async function signedHeaders({
  keyid = 'command',
  signedBy = command,
  at = now,
  nonce = NONCE,
  edit,
}: Change = {}): Promise<Headers> {
  const signer = { keyid, sign: async (data: Uint8Array) => new Uint8Array(sign(null, data, signedBy.privateKey)) };
  const headers = await signRequest({ method: 'POST', targetUri, body }, signer, { now: at, nonce });
  edit?.(headers);
  return new Headers(headers);
}
const verified = async (
  headers: Headers,
  over: { targetUri?: string; body?: Uint8Array; method?: string } = {},
  used = nonceCache(),
) => verifySignature({ method: 'POST', targetUri, body, ...over, headers }, keys, used, now.getTime());

/** Signs a signature base of our own making, to see what a correct signature over the wrong things is worth. */
function craft(parameters: string, lines: readonly string[]): Headers {
  const base = [...lines, `"@signature-params": ${parameters}`].join('\n');
  const signature = sign(null, Buffer.from(base), command.privateKey).toString('base64');
  return new Headers({
    'content-digest': digest,
    'signature-input': `sig=${parameters}`,
    signature: `sig=:${signature}:`,
  });
}
const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
const seconds = Math.floor(now.getTime() / 1000);
const ALL = '("@method" "@target-uri" "content-digest")';
const LINES = ['"@method": POST', `"@target-uri": ${targetUri}`, `"content-digest": ${digest}`];
const REST = `nonce="${NONCE}";keyid="command";alg="ed25519";tag="tradepulse-control"`;

describe('verifySignature', () => {
  it('accepts what the control plane signs, and says with which key', async () => {
    assert.equal(await verified(await signedHeaders()), 'command');
    assert.equal(await verified(await signedHeaders({ keyid: 'kill', signedBy: kill })), 'kill');
    assert.equal(await verified(craft(`${ALL};created=${seconds};expires=${seconds + 30};${REST}`, LINES)), 'command');
  });

  it('refuses another key, method, address or body than was signed', async () => {
    await assert.rejects(verified(await signedHeaders({ signedBy: stranger })), { code: 'SignatureInvalid' });
    await assert.rejects(verified(await signedHeaders({ keyid: 'kill' })), { code: 'SignatureInvalid' });
    await assert.rejects(verified(await signedHeaders(), { method: 'GET' }), { code: 'SignatureInvalid' });
    await assert.rejects(verified(await signedHeaders(), { targetUri: targetUri.replace('btc-1', 'btc-2') }), {
      code: 'SignatureInvalid',
    });
    await assert.rejects(verified(await signedHeaders(), { body: new TextEncoder().encode('{"a":2}') }), {
      code: 'SignatureInvalid',
    });
  });

  it('refuses the same request a second time', async () => {
    const used = nonceCache();
    await verified(await signedHeaders(), {}, used);

    await assert.rejects(verified(await signedHeaders(), {}, used), { code: 'Replayed' });
  });

  it('refuses a stale signature, and one whose clock is ahead', async () => {
    await assert.rejects(verified(await signedHeaders({ at: new Date(now.getTime() - 40_000) })), {
      code: 'SignatureInvalid',
    });
    await assert.rejects(verified(await signedHeaders({ at: new Date(now.getTime() + 20_000) })), {
      code: 'SignatureInvalid',
    });
  });

  it('refuses correct signatures over too little, for too long, with other parameters, or two at once', async () => {
    const life = `created=${seconds};expires=${seconds + 20}`;
    const cases = [
      craft(`("@method" "@target-uri");${life};${REST}`, LINES.slice(0, 2)),
      craft(`("@method" "content-digest");${life};${REST}`, [LINES[0] ?? '', LINES[2] ?? '']),
      craft(`${ALL};created=${seconds};expires=${seconds + 31};${REST}`, LINES),
      craft(`${ALL};created=${seconds};${REST}`, LINES),
      craft(`${ALL};${life};keyid="command";alg="ed25519";tag="tradepulse-control"`, LINES),
      craft(`${ALL};${life};${REST.replace('ed25519', 'hmac-sha256')}`, LINES),
      craft(`${ALL};${life};${REST.replace('tradepulse-control', 'other')}`, LINES),
      craft(`${ALL};${life};${REST.replace('keyid="command"', 'keyid="other"')}`, LINES),
      craft(`${ALL};${life};${REST.replace(NONCE, 'short')}`, LINES),
    ];
    const two = await signedHeaders();
    two.set(
      'signature-input',
      `${two.get('signature-input')}, ${two.get('signature-input')?.replace('sig=', 'sig2=')}`,
    );
    two.set('signature', `${two.get('signature')}, ${two.get('signature')?.replace('sig=', 'sig2=')}`);
    for (const headers of [...cases, two]) await assert.rejects(verified(headers), { code: 'SignatureInvalid' });
  });

  it('refuses missing, empty and unreadable headers', async () => {
    for (const name of ['signature', 'signature-input', 'content-digest']) {
      await assert.rejects(
        verified(await signedHeaders({ edit: (headers) => void Reflect.deleteProperty(headers, name) })),
        { code: 'SignatureInvalid' },
      );
      await assert.rejects(
        verified(await signedHeaders({ edit: (headers) => void Object.assign(headers, { [name]: ';;"' }) })),
        {
          code: 'SignatureInvalid',
        },
      );
    }
  });

  it('accepts the example of the contract at its time', async (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-01-05T14:30:10Z') });
    const document = await readFile('docs/engine-contract.md', 'utf8');
    const [head = '', text = ''] = (document.match(/```http\n(?<request>[^`]+)```/)?.groups?.['request'] ?? '')
      .trimEnd()
      .split('\n\n');
    const headers = new Headers();
    for (const line of head.split('\n').slice(1))
      headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim());
    const published = publicKeyOf(document.match(/SPKI `(?<spki>[^`]+)`/)?.groups?.['spki'] ?? '');
    const address = 'http://127.0.0.1:4511/btc-momentum-1/v1/commands/halt';
    const request = { method: 'POST', targetUri: address, headers, body: new TextEncoder().encode(text) };

    assert.equal(
      await verifySignature(request, { command: published, kill: published }, nonceCache(), Date.now()),
      'kill',
    );
  });
});

describe('publicKeyOf', () => {
  it('refuses what is no Ed25519 key', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

    assert.throws(() => publicKeyOf(publicKey.export({ type: 'spki', format: 'der' }).toString('base64')), /Ed25519/);
    assert.throws(() => publicKeyOf('not a key'));
  });
});

describe('nonceCache', () => {
  it('forgets what has expired, and refuses rather than forget what has not', () => {
    const first = nonceCache(2);
    assert.deepEqual([first('a', 100, 0), first('b', 200, 0), first('c', 300, 50)], [true, true, false]);
    assert.equal(first('c', 300, 150), true);
    assert.equal(first('b', 300, 150), false);
  });
});
