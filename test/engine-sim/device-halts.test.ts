import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { deviceKeyStore } from '../../engine-sim/engine/device-key-store.ts';
import { nonceCache } from '../../engine-sim/engine/nonce-cache.ts';
import { verifySignature } from '../../engine-sim/engine/verify-signature.ts';
import { device } from '../fakes/device.ts';

const root = await mkdtemp(join(tmpdir(), 'device-keys-'));
after(() => rm(root, { recursive: true, force: true }));
const [command, kill] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const [laptop, another] = [device('laptop'), device('another')];
const told = ({ id, key }: typeof laptop) => ({ keyid: id, publicKey: key.publicKey });
const targetUri = 'http://127.0.0.1:4511/btc-1/v1/commands/halt';
let now = new Date(); // of each test: the signature library looks at the clock, too
let folders = 0;

describe('the devices of an engine', () => {
  let folder = '';
  beforeEach(() => {
    folders += 1;
    now = new Date();
    folder = join(root, String(folders));
  });
  const halt = async (
    by: typeof laptop,
    devices = deviceKeyStore(folder),
    { at = now, used = nonceCache(), nonce = 'a-nonce-of-enough-characters' } = {},
  ) => {
    const headers = new Headers(await by.signed('{}', { targetUri, at, nonce }));
    const keys = { command: command.publicKey, kill: kill.publicKey, device: devices.find };
    return verifySignature({ method: 'POST', targetUri, headers, body: Buffer.from('{}') }, keys, used, now.getTime());
  };

  it('are those that the last lease named, and no others', async () => {
    const devices = deviceKeyStore(folder);
    await assert.rejects(halt(laptop, devices), { code: 'SignatureInvalid' });

    devices.learn([told(laptop)]);

    assert.equal(await halt(laptop, devices), 'device:laptop');
    await assert.rejects(halt(another, devices), { code: 'SignatureInvalid' });
    devices.learn([told(another)]);
    await assert.rejects(halt(laptop, devices), { code: 'SignatureInvalid' });
  });

  it('are known after a restart, for the day on which no lease comes', async () => {
    deviceKeyStore(folder).learn([told(laptop)]);

    assert.equal(await halt(laptop), 'device:laptop');
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'device-keys.json'), 'utf8')), [told(laptop)]);
  });

  it('are nobody when their file, or what a lease tells, cannot be read', async () => {
    const devices = deviceKeyStore(folder);
    devices.learn([told(laptop)]);
    await writeFile(join(folder, 'device-keys.json'), '{');

    await assert.rejects(halt(laptop), { code: 'SignatureInvalid' });
    devices.learn([{ keyid: 'device:laptop', publicKey: 'x' }]);
    await assert.rejects(halt(laptop, devices), { code: 'SignatureInvalid' });
  });

  for (const minutes of [-15, -10, 10, 15]) {
    it(`may have a clock that is off by ${minutes} minutes`, async () => {
      const devices = deviceKeyStore(folder);
      devices.learn([told(laptop)]);

      assert.equal(await halt(laptop, devices, { at: new Date(now.getTime() + minutes * 60_000) }), 'device:laptop');
    });
  }

  it('are refused beyond that, for another key’s signature, and the second time', async () => {
    const devices = deviceKeyStore(folder);
    devices.learn([told(laptop)]);
    const used = nonceCache();
    await halt(laptop, devices, { used });

    await assert.rejects(halt(laptop, devices, { used }), { code: 'Replayed' });
    await assert.rejects(halt(device('laptop'), devices), { code: 'SignatureInvalid' });
    for (const seconds of [-930, 930])
      await assert.rejects(halt(laptop, devices, { at: new Date(now.getTime() + seconds * 1000) }), {
        code: 'SignatureInvalid',
      });
  });
});
