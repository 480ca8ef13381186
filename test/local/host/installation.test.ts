import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { installationOf } from '../../../local/host/installation.ts';
import { secretFor } from '../../../local/host/secret-for.ts';
import { keepFile } from '../../../local/identity/keep-file.ts';
import { temporaryFolder } from '../aws/temporary-folder.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder = '';
let count = 0;
before(async () => {
  temporary = await temporaryFolder();
});
beforeEach(() => {
  count += 1;
  folder = join(temporary.path, String(count));
});
after(() => temporary.remove());

describe('installationOf', () => {
  it('makes secrets for this machine alone, and finds the same at every start', async () => {
    const made = await installationOf(folder);

    assert.deepEqual(await installationOf(folder), made);
    assert.equal(statSync(join(folder, 'installation.json')).mode & 0o777, 0o600);
    assert.match(made.accessKeyId, /^AKIA[A-Z2-7]{16}$/);
    assert.notDeepEqual(await installationOf(join(folder, 'another')), made);
  });

  it('makes a key pair whose halves belong together', async () => {
    const { manifestKey } = await installationOf(folder);
    const der = (text: string) => ({ key: Buffer.from(text, 'base64'), format: 'der' as const });
    const privateKey = createPrivateKey({ ...der(manifestKey.privateKey), type: 'pkcs8' });
    const publicKey = createPublicKey({ ...der(manifestKey.publicKey), type: 'spki' });

    const data = Buffer.from('a manifest');

    assert.ok(verify(null, data, publicKey, sign(null, data, privateKey)));
  });

  it('refuses a damaged file instead of making secrets that nothing else fits', async () => {
    mkdirSync(folder);
    const path = join(folder, 'installation.json');
    for (const text of ['', '{"accessKeyId":', '{"accessKeyId":"AKIA"}']) {
      writeFileSync(path, text);
      await assert.rejects(installationOf(folder), {
        message: `${path} is damaged: restore it, or begin anew with --fresh`,
      });
      assert.equal(readFileSync(path, 'utf8'), text);
    }
  });

  it('derives a secret of its own for each purpose, the same at every start', async () => {
    const installation = await installationOf(folder);
    const secret = secretFor(installation, 'engine-client/btc-momentum-1');

    assert.equal(secretFor(await installationOf(folder), 'engine-client/btc-momentum-1'), secret);
    assert.notEqual(secretFor(installation, 'engine-client/eurusd-carry-1'), secret);
    assert.notEqual(secretFor(await installationOf(join(folder, 'another')), 'engine-client/btc-momentum-1'), secret);
  });
});

describe('keepFile', () => {
  const Content = z.object({ value: z.number() });
  const path = () => join(folder, 'deep', 'kept.json');

  it('lets several starts at once agree on what the first one made', async () => {
    let made = 0;
    const starts = Array.from({ length: 8 }, () =>
      keepFile(path(), Content, async () => {
        made += 1;
        return { value: made };
      }),
    );

    const values = await Promise.all(starts);

    assert.equal(new Set(values.map(({ value }) => value)).size, 1);
    assert.deepEqual(JSON.parse(readFileSync(path(), 'utf8')), values[0]);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
  });

  it('says of a damaged file what to do', async () => {
    mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(path(), '[]');

    await assert.rejects(
      keepFile(path(), Content, async () => ({ value: 1 })),
      {
        message: `${path()} is damaged: restore it, or delete it to have new secrets made (people then log in again)`,
      },
    );
  });

  it('takes a file that cannot be read for neither damaged nor missing', async () => {
    mkdirSync(path(), { recursive: true });
    chmodSync(path(), 0o700);

    await assert.rejects(
      keepFile(path(), Content, async () => ({ value: 1 })),
      { code: 'EISDIR' },
    );
  });
});
