import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { DeviceProof } from '../../domain/signature/device-proof.ts';
import { DEVICE_KILLS, device, type Otherwise } from '../fakes/device.ts';
import { START, STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

type Device = ReturnType<typeof device>;
const MINUTE_MS = 60_000;
const PATH = '/v1/device-kills';
const Entry = z.object({
  type: z.string(),
  actor: z.string(),
  payload: z.record(z.string(), z.unknown()),
  proofs: z.array(z.unknown()),
});
const Refused = z.looseObject({ code: z.string(), detail: z.string(), next: z.string() });

/** A control plane that knows one device, and a kill that this device signs. */
function pressed(over: Parameters<typeof device>[1] = {}) {
  const made = apiWorld();
  const laptop = device('laptop', over);
  made.store.records.set(`CREDENTIAL#${laptop.id}`, { kind: 'CREDENTIAL', record: laptop.key });
  return { made, laptop };
}
async function kill(made: ApiWorld, by: Device, raw: string, otherwise: Otherwise = {}, path = PATH) {
  const headers = await by.signed(raw, { targetUri: `http://localhost${path}`, ...otherwise });
  return made.send('device-kill', path, { raw, headers });
}
const THIS = JSON.stringify({ strategy: STRATEGY, reason: 'quotes look wrong' });
const at = (ms: number) => new Date(START.getTime() + ms);
const newest = ({ store }: ApiWorld, log: string = STRATEGY) =>
  Entry.parse(JSON.parse(store.logs.get(log)!.at(-1)!.text));
const attempts = ({ store }: ApiWorld) => [...store.counters.values()].map(({ actor, code }) => [actor, code]);

describe('POST device-kills', () => {
  it('kills for the owner of the device, without a token, and keeps the signature in the ledger', async () => {
    const { made, laptop } = pressed();

    const response = await kill(made, laptop, THIS);

    const { type, actor, payload, proofs } = newest(made);
    const proof = DeviceProof.parse(proofs[0]);
    assert.equal(response.status, 202);
    assert.deepEqual([type, actor, payload['reason']], ['kill.requested', 'sub-trader', 'quotes look wrong']);
    assert.deepEqual([proof.keyid, proof.publicKey], [laptop.id, laptop.key.publicKey]);
    assert.equal(Buffer.from(proof.body ?? '', 'base64').toString(), THIS);
    assert.deepEqual(stateOf(made).latch?.initiatorProof, 'device-key');
    assert.deepEqual(stateOf(made).latch?.initiatorRoles, ['execution-trader']);
  });

  it('kills in the name of the button itself, which nobody owns', async () => {
    const { made, laptop } = pressed({ subject: undefined, roles: [] });

    await kill(made, laptop, THIS);

    assert.deepEqual([newest(made).actor, stateOf(made).latch?.initiatorRoles], [laptop.id, []]);
  });

  it('kills a scope, with the signature at the scope, and at each strategy', async () => {
    const { made, laptop } = pressed();

    const response = await kill(made, laptop, '{"scope":"desk:crypto"}');

    assert.equal(response.status, 202);
    assert.deepEqual(
      [newest(made, 'desk'), newest(made)].map(({ type, proofs }) => [type, proofs.length]),
      [
        ['kill.scope-requested', 1],
        ['kill.requested', 1],
      ],
    );
  });

  for (const [what, raw, path] of [
    ['no reason', JSON.stringify({ strategy: STRATEGY }), PATH],
    ['a reason that is none', JSON.stringify({ strategy: STRATEGY, reason: { a: 1 } }), PATH],
    ['members that nobody knows', JSON.stringify({ strategy: STRATEGY, firmware: 7 }), PATH],
    ['a body that is no JSON, with its target in the address', 'pressed!', `${PATH}?strategy=${STRATEGY}`],
    ['no body at all, with its target in the address', '', `${PATH}?scope=all`],
    ['a report that cannot be read', JSON.stringify({ strategy: STRATEGY, direct: 'x' }), PATH],
  ] as const) {
    it(`accepts ${what}`, async () => {
      const { made, laptop } = pressed();

      assert.equal((await kill(made, laptop, raw, {}, path)).status, 202);
      assert.equal(stateOf(made).mode, 'KILLED');
    });
  }

  for (const minutes of [-15, -10, 10, 15]) {
    it(`accepts a device whose clock is off by ${minutes} minutes`, async () => {
      const { made, laptop } = pressed();

      assert.equal((await kill(made, laptop, THIS, { at: at(minutes * MINUTE_MS) })).status, 202);
    });
  }

  for (const targetUri of [
    'https://localhost/v1/device-kills',
    'http://localhost/live/v1/device-kills',
    'https://localhost/live/v1/device-kills',
  ]) {
    it(`accepts the address as it was typed, whatever the gateway made of it: ${targetUri}`, async () => {
      const { made, laptop } = pressed();
      const headers = await laptop.signed(THIS, { targetUri });
      const env = { requestContext: { path: '/live/v1/device-kills' } };

      assert.equal((await made.send('device-kill', PATH, { raw: THIS, headers, env })).status, 202);
    });
  }

  for (const [what, code, status, over, otherwise] of [
    ['a device that nobody knows', 'UnknownDevice', 404, {}, { keyid: 'device:other' }],
    ['a device that was revoked', 'DeviceRevoked', 403, { status: 'revoked' }, {}],
    ['a device that nobody has approved', 'DeviceNotApproved', 403, { status: 'proposed' }, {}],
    ['a signature of 15 minutes and a second ago', 'DeviceSignatureLate', 401, {}, { at: at(-901_000) }],
    ['a signature of 15 minutes and a second from now', 'DeviceSignatureLate', 401, {}, { at: at(901_000) }],
    ['a signature for another address', 'DeviceSignatureInvalid', 401, {}, { targetUri: `${DEVICE_KILLS}s` }],
  ] as const) {
    it(`is refused to ${what}, by a code of its own, and nothing is halted`, async () => {
      const { made, laptop } = pressed(over);

      const response = await kill(made, laptop, THIS, otherwise);

      assert.deepEqual([response.status, Refused.parse(await response.json()).code], [status, code]);
      assert.equal(stateOf(made).mode, 'OFF');
    });
  }

  it('is refused for a body that was changed on its way, and for another key’s signature', async () => {
    const { made, laptop } = pressed();
    const stranger = device('laptop');
    const headers = await laptop.signed(THIS);

    const changed = await made.send('device-kill', PATH, { raw: THIS.replace('wrong', 'right'), headers });
    const forged = await kill(made, stranger, THIS);

    for (const response of [changed, forged])
      assert.equal(Refused.parse(await response.json()).code, 'DeviceSignatureInvalid');
    assert.deepEqual(attempts(made), [], 'nobody is known to have tried');
  });

  it('is refused the second time, and that is counted for the device', async () => {
    const { made, laptop } = pressed();
    const headers = await laptop.signed(THIS);
    await made.send('device-kill', PATH, { raw: THIS, headers });

    const again = await made.send('device-kill', PATH, { raw: THIS, headers });

    assert.deepEqual([again.status, Refused.parse(await again.json()).code], [409, 'DeviceSignatureReplayed']);
    assert.deepEqual(attempts(made), [[laptop.id, 'DeviceSignatureReplayed']]);
  });

  for (const [what, raw, code] of [
    ['an unknown strategy', '{"strategy":"nobody"}', 'UnknownStrategy'],
    ['what can be no strategy', '{"strategy":{"a":1}}', 'UnknownStrategy'],
    ['no target', '{}', 'UnknownScope'],
    ['an unknown scope', '{"scope":"desk:none"}', 'UnknownScope'],
  ] as const) {
    it(`is refused for ${what}, and the attempt is counted`, async () => {
      const { made, laptop } = pressed();

      const response = await kill(made, laptop, raw);

      assert.deepEqual([response.status, Refused.parse(await response.json()).code], [404, code]);
      assert.deepEqual(attempts(made), [[laptop.id, code]]);
    });
  }

  it('stands by its refusal when that cannot be counted', async () => {
    const { made, laptop } = pressed({ status: 'revoked' });
    made.store.count = () => Promise.reject(new Error('down'));

    assert.equal((await kill(made, laptop, THIS)).status, 403);
  });

  it('says that it failed, and nothing else, where nobody can tell whose key it is', async () => {
    const { made, laptop } = pressed();
    made.store.get = () => Promise.reject(new Error('down'));

    const response = await kill(made, laptop, THIS);

    assert.equal(response.status, 500);
    assert.ok(!(await response.text()).includes('down'));
  });

  it('knows no other path', async () => {
    assert.equal((await apiWorld().send('device-kill', '/v1/kills')).status, 404);
  });

  it('kills for nothing but its own signature, whatever the headers are made of', async () => {
    const { made, laptop } = pressed();
    const good = await laptop.signed(THIS);
    const names = Object.keys(good);

    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.nat(300),
        fc.oneof(
          fc.constantFrom('', '"', ':', ';', '(', ')', ' ', '=', ',sig2=()', '\t'),
          fc.string({ maxLength: 3, unit: 'grapheme-ascii' }),
        ),
        async (name, place, text) => {
          const old = good[name] ?? '';
          const cut = place % (old.length + 1);
          const value = `${old.slice(0, cut)}${text}${old.slice(cut + 1)}`;
          fc.pre(value.trim() !== old && value.replace(/\s+/g, ' ') !== old);

          const response = await made.send('device-kill', PATH, { raw: THIS, headers: { ...good, [name]: value } });

          const { code } = Refused.parse(await response.json());
          assert.ok(['DeviceSignatureInvalid', 'UnknownDevice'].includes(code), `${name}: ${value} gave ${code}`);
        },
      ),
      { seed: 20_261_126, numRuns: 500 },
    );
    assert.equal(stateOf(made).mode, 'OFF');
  });
});
