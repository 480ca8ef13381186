import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepIssuerKeys } from '../../../domain/access/keep-issuer-keys.ts';
import { world } from '../../fakes/world.ts';

const KEY = { kty: 'RSA', kid: 'key-1', n: 'n', e: 'AQAB' };

describe('keepIssuerKeys', () => {
  it('keeps what the identity provider publishes, and writes again only when that changes', async () => {
    const { ports, store } = world();
    const publishing = (...keys: object[]) => keepIssuerKeys({ ...ports, issuerKeys: async () => ({ keys }) });

    assert.equal(await publishing(KEY), true);
    assert.equal(await publishing(KEY), false);
    assert.equal(await publishing(KEY, { ...KEY, kid: 'key-2' }), true);

    assert.deepEqual(
      (await store.get('ISSUER', 'issuer'))?.keys.map(({ kid }) => kid),
      ['key-1', 'key-2'],
    );
  });

  it('keeps what it has when the provider is away, or publishes what is no key set', async () => {
    const { ports, store } = world();
    await keepIssuerKeys({ ...ports, issuerKeys: async () => ({ keys: [KEY] }) });

    await assert.rejects(keepIssuerKeys({ ...ports, issuerKeys: () => Promise.reject(new Error('away')) }), /away/);
    for (const junk of [{ keys: [] }, { keys: [{ kty: 'RSA' }] }, 'html', null])
      await assert.rejects(keepIssuerKeys({ ...ports, issuerKeys: async () => junk }), { name: 'ZodError' });

    assert.deepEqual((await store.get('ISSUER', 'issuer'))?.keys, [KEY]);
  });
});
