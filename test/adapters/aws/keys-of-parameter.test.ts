import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysOfParameter } from '../../../adapters/aws/keys-of-parameter.ts';
import { demoCiKey, trustedDemoKeys } from '../../../local/seed/demo-keys.ts';
import { newKey } from '../../fakes/signed-manifest.ts';

const [one, two] = [newKey().trusted, newKey().trusted];

describe('keysOfParameter', () => {
  it('reads each key with its holder, and those of CI for what they are', () => {
    assert.deepEqual(
      keysOfParameter(`${one}=sub-1,ci:${two}=service:ci`).map(({ id, use, publicKey, holder }) => [
        id,
        use,
        publicKey,
        holder,
      ]),
      [
        ['installation-1', 'manifest', one, 'sub-1'],
        ['installation-2', 'ci', two, 'service:ci'],
      ],
    );
    assert.deepEqual(keysOfParameter(''), []);
  });

  for (const [what, text] of [
    ['a key whose holder is not named', one],
    ['a holder without a key', '=sub-1'],
    ['what only looks like a key', `${'A'.repeat(59)}==sub-1`],
    ['something else', 'ci:nothing'],
  ] as const) {
    it(`throws at ${what}, rather than trusting less than it was told`, () =>
      assert.throws(() => keysOfParameter(text)));
  }

  it('reads what the local host says of its demo keys', () => {
    const installation = {
      ...{ accessKeyId: 'a', secretAccessKey: 's', seed: 'seed' },
      manifestKey: { privateKey: 'p', publicKey: one },
    };
    const quant = { name: 'quant', subject: 'sub-quant', password: 'p', totpSecret: 't', groups: ['quant'] };

    const keys = keysOfParameter(trustedDemoKeys(installation, [quant]));

    assert.deepEqual(
      keys.map(({ use, publicKey, holder }) => [use, publicKey, holder]),
      [
        ['manifest', one, 'sub-quant'],
        ['ci', demoCiKey(installation).publicKey, 'service:demo-ci'],
      ],
    );
    assert.notEqual(demoCiKey(installation).publicKey, demoCiKey({ ...installation, seed: 'other' }).publicKey);
    assert.throws(() => trustedDemoKeys(installation, []), /no demo user quant/);
  });
});
