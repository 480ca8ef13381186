import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { signingPage } from '../../api/signing-page.ts';
import { bundledPage } from '../../scripts/page-in-bundle.ts';
import { apiWorld } from './api-world.ts';

const assets = await bundledPage();
const page = signingPage(assets);
const text = await page.clone().text();
const between = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(text)?.[1] ?? '';
const hashOf = (part: string) => `'sha256-${createHash('sha256').update(part).digest('base64')}'`;
const policy = Object.fromEntries(
  (page.headers.get('content-security-policy') ?? '').split('; ').map((rule) => {
    const [name = '', ...allowed] = rule.split(' ');
    return [name, allowed.join(' ')];
  }),
);

describe('the signing page', () => {
  it('runs exactly its own program and shows exactly its own style; it speaks to its origin and to nobody else', () => {
    assert.deepEqual(policy, {
      'default-src': "'none'",
      'script-src': hashOf(between('script')),
      'style-src': hashOf(between('style')),
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
    assert.deepEqual([between('script'), between('style')], [assets.script, assets.style]);
  });

  it('stands in no cache, referrer, or window of others, and asks authenticators itself only', () => {
    const { 'content-security-policy': _seen, ...headers } = Object.fromEntries(page.headers);

    assert.deepEqual(headers, {
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'publickey-credentials-get=(self), publickey-credentials-create=(self)',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
  });

  it('loads nothing, handles no event in its markup, and makes no markup or program out of text', () => {
    assert.doesNotMatch(text, /\s(src|href|on\w+)=["']/);
    assert.doesNotMatch(assets.script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
    assert.match(text, /^<!doctype html>\n<html lang="en">/);
    assert.match(text, /<main>.*<noscript>/s);
  });

  it('is served to everybody alike, without a token, and says nothing about a session', async () => {
    const { send } = apiWorld();

    const [one, other] = await Promise.all(
      ['/sign/session-1', '/sign/nothing'].map(async (path) => {
        const response = await send('page', path, { method: 'GET' });
        return [response.status, response.headers.get('content-type'), await response.text()];
      }),
    );

    assert.deepEqual(one?.slice(0, 2), [200, 'text/html; charset=utf-8']);
    assert.deepEqual(one, other);
  });
});
