import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkCaller } from '../../../local/host/check-caller.ts';

const own = '127.0.0.1:4510';
const check = (headers: Record<string, string>) => checkCaller({ headers }, 4510);

describe('checkCaller', () => {
  it('lets in who calls this machine by any of its own names', () => {
    for (const host of [own, 'localhost:4510', 'LOCALHOST:4510', '[::1]:4510']) {
      assert.equal(check({ host }), undefined);
      assert.equal(check({ host, origin: `http://${host}` }), undefined);
    }
  });

  it('knows that HTTP leaves its own port out', () => {
    for (const host of ['127.0.0.1', 'localhost:80'])
      assert.equal(checkCaller({ headers: { host, origin: 'http://127.0.0.1' } }, 80), undefined);
    assert.match(checkCaller({ headers: { host: 'evil.example' } }, 80) ?? 'let in', /is not this machine/);
  });

  it('refuses a name that somebody else made resolve to this machine, and says how to call it', () => {
    for (const host of [
      'evil.example',
      'evil.example:4510',
      '127.0.0.1',
      '127.0.0.1:80',
      '127.0.0.1.evil.example:4510',
      '',
    ])
      assert.match(check({ host }) ?? 'let in', /is not this machine; use http:\/\/127\.0\.0\.1:4510/);
    assert.match(check({}) ?? 'let in', /Host ""/);
  });

  it('refuses pages of other sites, of other ports and of no site at all', () => {
    for (const origin of ['http://evil.example', 'https://127.0.0.1:4510', 'http://127.0.0.1:4511', 'null', ''])
      assert.equal(check({ host: own, origin }), `pages of ${origin} may not call this control plane`);
  });

  it('lets a page of its own post that sends no referrer: its origin is null, and the browser says it is the same', () => {
    assert.equal(check({ host: own, origin: 'null', 'sec-fetch-site': 'same-origin' }), undefined);
    for (const site of ['cross-site', 'same-site', 'none'])
      assert.match(check({ host: own, origin: 'null', 'sec-fetch-site': site }) ?? 'let in', /pages of null/);
    assert.match(check({ host: own, origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }) ?? '', /evil/);
  });
});
