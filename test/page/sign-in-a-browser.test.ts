import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Approval } from '../../cli/replies.ts';
import type { Surroundings } from '../../cli/surroundings.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { runCommand } from '../cli/run-command.ts';
import { isDeep } from '../is-deep.ts';
import { killed } from '../runbook/launching.ts';
import { BTC, onALocalHost } from '../runbook/on-a-local-host.ts';
import type { DemoName } from '../runbook/tokens.ts';
import { chromiumPath, openTab, type Tab } from './chromium.ts';

/** What a reason may hold. */
const HOSTILE = '<img src=x onerror=alert(1)> <script>alert(2)</script>';
const SIGN = 'Sign with your authenticator';
const Page = z.object({ session: z.string(), url: z.string() });
const Proof = z.looseObject({ method: z.string(), authenticator: z.string(), counter: z.number() });

/** It takes some 20 seconds, and a browser. */
const skip = !isDeep
  ? 'npm run test:deep does this'
  : !chromiumPath && 'no Chromium here: install one, or set CHROMIUM';

describe('the signing page, in a real browser', { skip }, () => {
  const here = onALocalHost();
  let tab: Tab;
  let authenticatorId: string;
  let question: Approval;
  let usedUp: string;
  before(async () => {
    tab = await openTab(chromiumPath ?? '');
    await tab.send('WebAuthn.enable');
    const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true };
    const made = await tab.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, isUserVerified: true } });
    ({ authenticatorId } = z.object({ authenticatorId: z.string() }).parse(made));
  });
  after(() => tab?.close());

  const pageOf = async (path: string, as: DemoName) => {
    const { status, body } = await here.ask(path, { as, body: {} });
    assert.equal(status, 200, JSON.stringify(body));
    return Page.parse(body);
  };
  const signingPage = (as: DemoName) => pageOf(`/v1/approvals/${question.id}/signing-sessions`, as);
  const shows = (words: string | RegExp) =>
    eventually(`the page to show ${words}`, tab.text, (text) =>
      typeof words === 'string' ? text.includes(words) : words.test(text),
    );
  const buttons = () =>
    tab.value<string[]>(
      "[...document.querySelectorAll('main button')].filter((each) => each.offsetParent).map((each) => each.innerText)",
    );
  const focused = () => tab.value<string>('document.activeElement.innerText || document.activeElement.id');
  const press = (words: string) =>
    tab.value(`[...document.querySelectorAll('main button')].find((each) => each.innerText === '${words}').click()`);
  /** Opens a page whose session says something else on the way, until it shows these words. */
  const loadedWith = async (url: string, text: string | RegExp, instead: string, words: string) => {
    await tab.send('Fetch.enable', { patterns: [{ urlPattern: '*/v1/signing-sessions/*', requestStage: 'Response' }] });
    const paused = tab.next('Fetch.requestPaused');
    const loaded = tab.open(url);
    const { requestId } = z.looseObject({ requestId: z.string() }).parse(await paused);
    const { body } = z.object({ body: z.string() }).parse(await tab.send('Fetch.getResponseBody', { requestId }));
    const changed = Buffer.from(body, 'base64').toString().replace(text, instead);
    await tab.send('Fetch.fulfillRequest', {
      ...{ requestId, responseCode: 200, body: Buffer.from(changed).toString('base64') },
      responseHeaders: [{ name: 'content-type', value: 'application/json' }],
    });
    await tab.send('Fetch.disable');
    await loaded;
    await shows(words);
  };
  const userIs = (isUserVerified: boolean) => tab.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  const entries = async (type: string) =>
    (await here.log(BTC)).entries.filter(({ entry }) => entry['type'] === type).map(({ entry }) => entry);
  /** The real command, in this process: its person is logged in, and its browser is the tab. */
  const command = async (as: DemoName, args: readonly string[], onPage: () => Promise<unknown>) => {
    let used: Promise<unknown> = Promise.resolve();
    let url = '';
    const surroundings: Partial<Surroundings> = {
      now: () => new Date(),
      sleep: (ms) => delay(Math.min(ms, 50)),
      accessToken: () => here.tokenOf.user(as),
      openBrowser: (address) => {
        url = address;
        used = tab.open(address).then(onPage);
      },
    };
    const ran = await runCommand([...args, '--as', as, '--data', here.host.data, '--output', 'jsonl'], surroundings);
    await used;
    return { ...ran, lines: ran.lines, url };
  };

  it('registers nothing when the person gives up, and lets them try again', async () => {
    const { url } = await pageOf('/v1/enrolment-sessions', 'trader');
    await loadedWith(url, '"timeout":300000', '"timeout":50', 'Register an authenticator');
    const simulate = (enabled: boolean) =>
      tab.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    await simulate(false);
    await tab.value("document.querySelector('#label').value = 'a key'");

    await press('Register this authenticator');

    await shows('Nothing was registered');
    assert.deepEqual(await buttons(), ['Register this authenticator']);
    await simulate(true);
  });

  it('registers an authenticator, by keyboard alone, and says who has to approve it', async () => {
    const ran = await command('trader', ['credential', 'enrol', '--label', 'office key'], async () => {
      await shows('Register an authenticator');
      assert.equal(await focused(), 'Register an authenticator');
      await tab.press('Tab');
      assert.equal(await focused(), 'label');
      await tab.press('Enter');
      await shows(/Registered, and not yet approved[\s\S]*credential approve/);
    });

    assert.equal(ran.code, 0, ran.stderr);
    const [credential] = z
      .tuple([z.looseObject({ id: z.string(), status: z.string(), label: z.string() })])
      .parse(ran.lines);
    assert.deepEqual([credential.status, credential.label], ['proposed', 'office key']);
    assert.match(await tab.text(), new RegExp(`credential approve ${credential.id}`));
    const { status } = await here.ask(`/v1/credentials/${credential.id}/approval`, { as: 'sre', body: {} });
    assert.equal(status, 200);
  });

  it('shows what a kill confirmation asks for: all of it, as text, whatever it holds', async () => {
    const runId = await killed(here, BTC, 'risk', HOSTILE);
    question = await here.question(runId, 'kill-confirmation');
    const { url } = await signingPage('trader');

    await tab.open(url);
    await shows('The document that you sign');

    const text = await tab.text();
    for (const words of ['Confirm a kill', BTC, runId, 'execution trader', question.digest, '✓ It is the digest'])
      assert.ok(text.includes(words), `${words} in ${text}`);
    assert.ok(text.includes(`"reason": "${HOSTILE}"`), text);
    assert.equal(await tab.value("document.querySelectorAll('main img, main script').length"), 0);
    assert.equal(await focused(), 'Confirm a kill');
    assert.deepEqual(await buttons(), [SIGN, 'Decline …']);
  });

  it('keeps its secret out of the address bar, and is lost when it is loaded again', async () => {
    const { session } = await signingPage('trader');
    assert.doesNotMatch(await tab.value<string>('location.href'), /#|secret/);

    await tab.open(`${await tab.value<string>('location.origin')}/sign/${session}`);

    await shows('This address is not complete');
    assert.deepEqual(await buttons(), []);
  });

  it('stops in red when the document is not the one that would be signed', async () => {
    const { url } = await signingPage('trader');

    await loadedWith(url, '"confirm kill"', '"resume trading"', 'Stop: sign nothing');

    assert.match(await tab.text(), /resume trading/);
    assert.ok((await tab.text()).includes(question.digest));
    assert.deepEqual(await buttons(), []);
  });

  it('is over when its time is, and offers nothing any more', async () => {
    const { url } = await signingPage('trader');

    await loadedWith(url, /"expiresAt":"[^"]+"/, `"expiresAt":"${new Date(Date.now() + 900).toISOString()}"`, SIGN);

    await shows('This page is over');
    assert.deepEqual(await buttons(), []);
  });

  it('says where to sign when it is opened at 127.0.0.1, and takes people there', async () => {
    const { url } = await signingPage('trader');

    await tab.open(url.replace('localhost', '127.0.0.1'));
    await shows('This is not the address to sign at');
    await tab.value("document.querySelector('main a').click()");

    await shows('The document that you sign');
  });

  it('signs nothing when the authenticator does not verify its person, and says so; nor does the control plane take it', async () => {
    const { url, session } = await signingPage('trader');
    const secret = url.split('#')[1] ?? '';
    await tab.open(url);
    await shows(SIGN);
    await userIs(false);

    await press(SIGN);
    await shows('Nothing was signed');
    assert.deepEqual(await buttons(), [SIGN, 'Decline …']);
    const forced = await tab.value<{ status: number; code: string }>(withoutVerification({ session, secret }));

    assert.deepEqual(forced, { status: 403, code: 'UserNotVerified' });
    assert.deepEqual(await entries('approval.signed'), []);
    await userIs(true);
  });

  it('signs nothing for somebody whose authenticator is not in this browser', async () => {
    await tab.open((await signingPage('trader2')).url);
    await shows(SIGN);

    await press(SIGN);

    await shows(/Nothing was signed[\s\S]*not an authenticator of yours/);
    assert.deepEqual(await entries('approval.signed'), []);
  });

  it('goes back from declining with Escape, and has said nothing', async () => {
    await tab.open((await signingPage('trader')).url);
    await shows(SIGN);

    await press('Decline …');
    assert.equal(await focused(), 'reason');
    await tab.press('Escape');

    assert.equal(await focused(), 'Decline …');
    assert.deepEqual(await entries('approval.declined'), []);
  });

  it('confirms the kill with a real authenticator, while the command waits, and says who is still to sign', async () => {
    const ran = await command('trader', ['approve', question.id, '--yes', '--browser', '--detach'], async () => {
      await shows(SIGN);
      await press(SIGN);
      await shows(/Signed[\s\S]*Still to sign: risk officer. Trading stays halted meanwhile./);
    });

    assert.equal(ran.code, 0, ran.stderr);
    usedUp = ran.url;
    assert.equal(await focused(), '✓Signed');
    const [entry] = await entries('approval.signed');
    const [proof] = z.array(Proof).parse(entry?.['proofs']);
    assert.deepEqual([proof?.method, proof?.authenticator], ['webauthn', 'platform']);
    assert.equal(entry?.['actor'], await here.tokenOf.subjectOf('trader'));
  });

  it('is used up by it: the same address signs nothing more', async () => {
    await tab.open(usedUp);

    await shows(/signing session has been used/);
    assert.deepEqual(await buttons(), []);
  });

  it('refuses the same person a second time, on another page, and offers nothing more there', async () => {
    await tab.open((await signingPage('trader')).url);
    await shows(SIGN);

    await press(SIGN);

    await shows('The control plane refused this');
    assert.deepEqual(await buttons(), []);
    assert.equal((await entries('approval.signed')).length, 1);
  });

  it('declines with a reason, which stands in the ledger, and shows everybody after that what came of it', async () => {
    await tab.open((await signingPage('risk')).url);
    await shows('Decline …');
    await press('Decline …');
    await tab.type(HOSTILE);
    await tab.press('Enter');

    await shows(/Declined[\s\S]*The kill stands/);
    const [entry] = await entries('approval.declined');
    assert.deepEqual(Object(entry?.['payload']).reason, HOSTILE);
    await tab.open((await signingPage('risk')).url);
    await shows('This question is declined');
    assert.deepEqual(await buttons(), []);
  });

  it('leaves a ledger that the offline verifier accepts, signature and all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signed-in-a-browser-'));
    const [bundle, keys] = [join(folder, 'bundle.jsonl.gz'), join(folder, 'keys.txt')];
    const trusted = z.object({ keys: z.array(z.string()) }).parse(await here.look('/v1/checkpoint-keys'));
    await writeFile(keys, trusted.keys.join('\n'));

    await here.cli('audit', 'export', '--log', BTC, '--out', bundle, '--as', 'auditor');
    const { code, lines } = await here.cli('audit', 'verify', bundle, '--keys', keys);

    assert.equal(code, 0, JSON.stringify(lines));
    await rm(folder, { recursive: true });
  });

  it('asked for nothing from elsewhere and broke no rule of its own', () => {
    const elsewhere = tab.requests.filter((url) => !/^(about:blank$|http:\/\/(localhost|127\.0\.0\.1):)/.test(url));

    assert.deepEqual([tab.complaints, elsewhere], [[], []]);
    assert.ok(tab.requests.length > 20);
  });
});

/** What a program on the page would send that asks an authenticator to sign without looking who uses it. */
const withoutVerification = ({ session, secret }: { session: string; secret: string }) => `(async () => {
  const path = '/v1/signing-sessions/${session}';
  const headers = { 'signing-secret': '${secret}', 'content-type': 'application/json' };
  const { options, approval } = await (await fetch(path, { headers })).json();
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
  const allowCredentials = options.allowCredentials.map(({ id, type }) => ({ id: bytes(id), type }));
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials, userVerification: 'discouraged' };
  const { authenticatorAttachment, clientExtensionResults, ...assertion } = (await navigator.credentials.get({ publicKey })).toJSON();
  const body = JSON.stringify({ decision: 'approve', digest: approval.digest, assertion: { ...assertion, clientExtensionResults } });
  const reply = await fetch(path + '/signature', { method: 'POST', headers, body });
  return { status: reply.status, code: (await reply.json()).code };
})()`;
