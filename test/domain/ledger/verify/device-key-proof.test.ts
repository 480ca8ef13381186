import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readSignature } from '../../../../adapters/http-signature/read-signature.ts';
import { wrongDeviceKey } from '../../../../domain/ledger/verify/device-key-proof.ts';
import { wrongProofs } from '../../../../domain/ledger/verify/proof-methods.ts';
import type { ShownEntry } from '../../../../domain/ledger/verify/shown-entry.ts';
import { Refusal } from '../../../../domain/refusal.ts';
import type { DeviceProof } from '../../../../domain/signature/device-proof.ts';
import { proveDeviceRequest } from '../../../../domain/signature/device-request.ts';
import { DEVICE_KILLS, device } from '../../../fakes/device.ts';

const laptop = device('laptop');

/** The proof that the control plane keeps of a request that the device has signed. */
async function proofOf(text: string, targetUri = DEVICE_KILLS): Promise<DeviceProof> {
  const headers = new Headers(await laptop.signed(text, { targetUri }));
  const body = new TextEncoder().encode(text);
  const signed = await readSignature({ method: 'POST', targetUris: [targetUri], headers, body });
  const proof = proveDeviceRequest(signed, laptop.key);
  if (proof instanceof Refusal) throw proof;
  return proof;
}
const entry = (over: Partial<ShownEntry> = {}): ShownEntry => ({
  actor: 'sub-trader',
  at: '2026-11-24T12:00:00.000Z',
  log: 'btc-momentum',
  payload: { reason: 'loss' },
  proofs: [],
  seq: 0,
  type: 'kill.requested',
  ...over,
});
const ours = await proofOf('{"strategy":"btc-momentum","reason":"loss"}');
const toEngine = await proofOf('{}', 'http://127.0.0.1:1/v1/commands/halt');
const elsewhere = await proofOf('', `${DEVICE_KILLS}?strategy=x`);
const ofDesk = await proofOf('{"scope":"desk:fx"}');
const ofAll = await proofOf('{"scope":"all"}');
const ofNothing = await proofOf('{}');
const { body: _left, ...withoutBody } = ours;

describe('the proof of a device', () => {
  it('is right about the kill that it asked for', async () => {
    assert.equal(wrongDeviceKey(ours, entry()), undefined);
    assert.deepEqual(wrongProofs(entry({ proofs: [ours] })), []);
    assert.equal(wrongDeviceKey(withoutBody, entry()), undefined, 'a body that is not kept cannot be judged');
  });

  for (const [what, text, targetUri, over] of [
    ['a target in the address', 'pressed', `${DEVICE_KILLS}?strategy=btc-momentum`, {}],
    [
      'a scope, in the log of a strategy',
      '{"scope":"Desk:crypto"}',
      DEVICE_KILLS,
      { payload: { reason: 'desk:crypto: loss' } },
    ],
    [
      'a scope, where the entry names no reason',
      '{"scope":"all"}',
      DEVICE_KILLS,
      { type: 'kill.confirmed', payload: {} },
    ],
    ['a scope, in the log of the desk', '{}', `${DEVICE_KILLS}?scope=all`, { log: 'desk', payload: { scope: 'all' } }],
    ['the address with a stage', '{"strategy":"btc-momentum"}', 'https://a.example/live/v1/device-kills', {}],
  ] as const) {
    it(`is right about ${what}`, async () => {
      assert.equal(wrongDeviceKey(await proofOf(text, targetUri), entry(over)), undefined);
    });
  }

  for (const [what, proof, over, wrong] of [
    ['another form', { ...ours, more: 1 }, {}, /not of the form/],
    ['another kind of entry', ours, { type: 'launch.requested' }, /something else than a kill/],
    ['a request to an engine', toEngine, {}, /something else/],
    ['no request at all', signedBase('hello'), {}, /something else/],
    ['a request that is no POST', signedBase(ours.base.replace('POST', 'GET')), {}, /something else/],
    ['a line twice', signedBase(`"@method": POST\n${ours.base}`), {}, /something else/],
    ['a line after the parameters', signedBase(`${ours.base}\n"x": y`), {}, /something else/],
    ['no digest', signedBase(ours.base.replace(/"content-digest".*\n/, '')), {}, /another body/],
    ['no address', signedBase(ours.base.replace(/"@target-uri".*\n/, '')), {}, /something else/],
    ['another log', ours, { log: 'eurusd-carry' }, /another target/],
    ['another strategy in the address', elsewhere, {}, /another target/],
    ['another scope', ofDesk, { payload: { reason: 'desk:crypto: x' } }, /another target/],
    ['another scope of the desk', ofAll, { log: 'desk', payload: {} }, /another target/],
    ['no target', ofNothing, {}, /another target/],
    ['another created', { ...ours, created: ours.created + 1 }, {}, /another device, time or nonce/],
    ['another nonce', { ...ours, nonce: `${ours.nonce}x` }, {}, /another device, time or nonce/],
    ['another device', { ...ours, keyid: 'device:other' }, {}, /another device, time or nonce/],
    ['another digest', { ...withoutBody, digest: `sha256:${'0'.repeat(64)}` }, {}, /another body/],
    ['another body', { ...ours, body: Buffer.from('{}').toString('base64') }, {}, /another body/],
    ['another key', { ...ours, publicKey: device('laptop').key.publicKey }, {}, /no signature by the key/],
  ] as const) {
    it(`is wrong with ${what}`, () => {
      assert.match(wrongDeviceKey(proof, entry(over)) ?? '', wrong);
    });
  }

  it('is wrong with any character of any member changed', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('keyid', 'publicKey', 'base', 'signature', 'nonce', 'digest', 'body'),
        fc.nat(1_000),
        fc.constantFrom('A', 'b', '7', '"', ' ', '\n'),
        (member, place, character) => {
          const text = String(Object(ours)[member]);
          const at = place % text.length;
          fc.pre(text[at] !== character);
          const changed = { ...ours, [member]: `${text.slice(0, at)}${character}${text.slice(at + 1)}` };
          fc.pre(Buffer.compare(bytesOf(changed), bytesOf(ours)) !== 0 || member === 'keyid');

          assert.notEqual(wrongDeviceKey(changed, entry()), undefined);
        },
      ),
      { seed: 20_261_126, numRuns: 1_000 },
    ));
});

/** Base64 has texts of the same bytes. */
const bytesOf = ({ publicKey, signature, body = '', ...rest }: DeviceProof): Buffer =>
  Buffer.concat([
    ...[publicKey, signature, body].map((each) => Buffer.from(each, 'base64')),
    Buffer.from(JSON.stringify(rest)),
  ]);

/** A proof over a text that is signed well, and that says what ours says. */
function signedBase(base: string): DeviceProof {
  return { ...ours, base, signature: laptop.signText(base) };
}
