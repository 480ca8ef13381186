import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { build, type Plugin } from 'esbuild';
import { leanWebauthn } from '../../scripts/lean-webauthn.ts';
import { webauthnContract } from '../adapters/webauthn/webauthn.contract.ts';
import { RELYING_PARTY } from '../fakes/fake-webauthn.ts';
import { aChallenge, registrationOf } from '../fakes/new-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'lean-webauthn-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function bundled(name: string, plugins: Plugin[]) {
  const outfile = join(folder, `${name}.cjs`);
  await build({
    ...{ entryPoints: ['adapters/webauthn/simple-webauthn.ts'], outfile, plugins },
    ...{ bundle: true, minify: true, platform: 'node', format: 'cjs', mainFields: ['module', 'main'] },
  });
  const { simpleWebauthn } = createRequire(import.meta.url)(outfile);
  return { bytes: readFileSync(outfile), webauthn: simpleWebauthn(RELYING_PARTY, 'refused') };
}
const lean = await bundled('lean', [leanWebauthn]);

webauthnContract('simpleWebauthn without certificates', lean.webauthn);

describe('leanWebauthn', () => {
  it('leaves enrolling as it is', async () => {
    const challenge = aChallenge;

    assert.ok(await lean.webauthn.registered(registrationOf('new', { challenge }), { challenge }));
    for (const format of ['tpm', 'apple', 'android-key', 'fido-u2f', 'packed', 'android-safetynet'])
      assert.equal(
        await lean.webauthn.registered(registrationOf('new', { challenge, format }), { challenge }),
        undefined,
      );
  });

  it('takes a third off the bundle', async () => {
    const whole = await bundled('whole', []);

    assert.ok(lean.bytes.length < 0.67 * whole.bytes.length, `${lean.bytes.length} of ${whole.bytes.length}`);
  });
});
