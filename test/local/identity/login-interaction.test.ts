import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { browser, codeAt, codeRequest, logIn, type Visit } from './code-flow.ts';
import { type IdentityServer, startIdentity } from './identity-server.ts';

describe('the login pages', () => {
  let server: IdentityServer;

  before(async () => {
    server = await startIdentity();
  });
  beforeEach(() => server.pass(2 * 3_600_000)); // beyond every lock
  after(() => server.end());

  const start = async (extra: Record<string, string> = {}) => {
    const person = browser();
    const { url, html, headers } = await person.visit(codeRequest(server.issuer, extra).url);
    return { html, headers, url, post: (form: Record<string, string>) => person.visit(url, form), person };
  };
  const refusal = ({ html }: Visit) => /data-refusal="([\w-]*)"/.exec(html)?.[1];
  const passwordOf = (name: string) => ({ step: 'password', name, password: server.user(name).password });

  it('load nothing from anywhere, run no script, and cannot be framed', async () => {
    const { html, headers, post } = await start();
    const second = await post(passwordOf('trader'));
    const failed = await fetch(`${server.issuer}/interaction/none`);

    for (const page of [html, second.html, await failed.text()]) {
      assert.doesNotMatch(page, /<(script|link|img|iframe|object|embed)\b|\bon\w+=|\bsrc=|@import|url\(|https?:\/\//i);
      assert.match(page, /<html lang="en">/);
      assert.match(page, /<h1>/);
    }
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'; style-src 'sha256-/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('label every field, and tie a refusal to it', async () => {
    const { post } = await start();
    const { html, status } = await post({ ...passwordOf('trader'), password: 'no' });

    assert.equal(status, 401);
    for (const [, id] of html.matchAll(/<input id="(\w+)"/g)) assert.match(html, new RegExp(`<label for="${id}">`));
    assert.match(html, /<p role="alert" id="refusal">/);
    assert.match(html, /aria-describedby="refusal"/);
  });

  it('refuse a wrong password and an unknown name in the same words', async () => {
    const { post } = await start();
    const wrong = await post({ ...passwordOf('trader'), password: 'no' });
    const unknown = await post({ step: 'password', name: 'nobody', password: 'no' });

    assert.equal(refusal(wrong), 'wrong-password');
    assert.equal(unknown.html.replace('value="nobody"', 'value="trader"'), wrong.html);
  });

  it('escape what was typed', async () => {
    const { post } = await start();
    const { html } = await post({ step: 'password', name: '"><script>alert(1)</script>', password: 'x' });

    assert.doesNotMatch(html, /<script>/);
    assert.match(html, /&lt;script&gt;/);
  });

  it('refuse a wrong one-time code, and one that is two steps old', async () => {
    const { post } = await start();
    const user = server.user('risk');
    await post(passwordOf('risk'));
    const wrong = await post({ step: 'code', code: 'abcdef' });
    const old = await post({ step: 'code', code: codeAt(user, server.now(), -2) });

    assert.deepEqual([refusal(wrong), refusal(old)], ['wrong-code', 'wrong-code']);
  });

  it('let each one-time code open one login only, also across a restart', async () => {
    const user = server.user('sre');
    const request = codeRequest(server.issuer);
    const code = codeAt(user, server.now());
    const first = await logIn(browser(), request.url, user, code);
    await server.restart();
    const replayed = await logIn(browser(), request.url, user, code);
    const next = await logIn(browser(), request.url, user, codeAt(user, server.now(), 1));
    const before = await logIn(browser(), request.url, user, codeAt(user, server.now(), -1));

    assert.ok(first.url.searchParams.get('code'));
    assert.equal(refusal(replayed), 'code-used');
    assert.ok(next.url.searchParams.get('code'));
    assert.ok(before.url.searchParams.get('code'));
  });

  it('do not take a code without a password before it', async () => {
    const { post } = await start();
    const user = server.user('quant');
    const skipped = await post({ step: 'code', code: codeAt(user, server.now()) });

    assert.match(skipped.html, /data-step="password"/);
  });

  it('do not let the flow resume before both factors were shown', async () => {
    const { post, person, url } = await start();
    await post(passwordOf('quant'));
    const uid = url.pathname.split('/').at(-1);
    const { url: end, html } = await person.visit(new URL(`${server.issuer}/authorize/${uid}`));

    assert.equal(end.searchParams.get('code'), null);
    assert.match(html, /data-step="password"/);
  });

  it('lock a name after five failures for 30 s, then longer, even for the right password', async () => {
    const { post } = await start();
    const no = { ...passwordOf('auditor'), password: 'no' };
    const answers: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) answers.push(refusal(await post(no)));
    const right = await post(passwordOf('auditor'));
    server.pass(31_000);
    const again = refusal(await post(no));
    server.pass(31_000);
    const stillLocked = refusal(await post(passwordOf('auditor')));
    server.pass(30_000);
    const open = await post(passwordOf('auditor'));

    assert.deepEqual(answers, [...Array(4).fill('wrong-password'), 'locked']);
    assert.deepEqual([right.status, refusal(right)], [429, 'locked']);
    assert.deepEqual([again, stillLocked], ['locked', 'locked']);
    assert.match(open.html, /data-step="code"/);
  });

  it('count wrong codes too: a right password in between does not start the count anew', async () => {
    const answers: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { post } = await start();
      await post(passwordOf('trader2'));
      answers.push(refusal(await post({ step: 'code', code: '000000' })));
    }

    assert.deepEqual(answers.slice(3), ['wrong-code', 'locked']);
  });

  it('refuse a form that another site posts, one that is no form, and one that is too large', async () => {
    const { person, url, post } = await start();
    const foreign = await person.visit(url, passwordOf('trader'), { 'sec-fetch-site': 'cross-site' });
    const json = await person.visit(url, passwordOf('trader'), { 'content-type': 'application/json' });
    const large = await post({ ...passwordOf('trader'), name: 'x'.repeat(5000) });

    assert.deepEqual([foreign.status, json.status, large.status], [400, 400, 400]);
  });

  it('belong to the browser that began the login', async () => {
    const { url } = await start();
    const stranger = await browser().visit(url, passwordOf('trader'));

    assert.equal(stranger.status, 400);
    assert.match(stranger.html, /tradepulse-cli login/);
  });

  it('can be left: the command line is told that the login was cancelled', async () => {
    const { post } = await start();
    const { url } = await post({ step: 'cancel' });

    assert.deepEqual([url.searchParams.get('error'), url.searchParams.get('state')], ['access_denied', 'a-state']);
  });

  it('have met no fault in all this', () => assert.deepEqual(server.faults, []));
});
