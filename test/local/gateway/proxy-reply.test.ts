import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proxyReply } from '../../../local/gateway/proxy-reply.ts';

const reply = (value: unknown, version: '1.0' | '2.0' = '1.0') => proxyReply(JSON.stringify(value), version);

describe('proxyReply', () => {
  it('takes status, headers of one and of several values, and text', async () => {
    const response = reply({
      statusCode: 202,
      headers: { 'content-type': 'application/json' },
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
      body: '{}',
    });

    assert.deepEqual([response?.status, await response?.text()], [202, '{}']);
    assert.deepEqual(response?.headers.getSetCookie(), ['a=1', 'b=2']);
  });

  it('decodes a base64 body', async () => {
    const response = reply({ statusCode: 200, body: 'AP8=', isBase64Encoded: true });

    assert.deepEqual(Buffer.from((await response?.arrayBuffer()) ?? new ArrayBuffer()), Buffer.from([0, 255]));
  });

  it('sends no body with a status that has none', () => {
    assert.equal(reply({ statusCode: 204, body: '' })?.body, null);
  });

  it('takes any JSON as the body in payload 2.0, and nothing but the full form in 1.0', async () => {
    assert.equal(await reply({ mode: 'ACTIVE' }, '2.0')?.text(), '{"mode":"ACTIVE"}');
    assert.equal(reply({ mode: 'ACTIVE' }, '1.0'), undefined);
    assert.equal(reply({ statusCode: 'many' }, '2.0'), undefined);
  });
});
