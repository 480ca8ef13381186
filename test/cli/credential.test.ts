import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoAssertion, demoAuthenticator } from '../../cli/session/demo-authenticator.ts';
import { lockSession } from '../../cli/session/session-lock.ts';
import { Assertion } from '../../domain/signature/assertion.ts';
import { authenticatorOf } from '../fakes/passkeys.ts';
import { demoData } from './demo-data.ts';
import { runCommand } from './run-command.ts';
import { anApproval, problem } from './stand-in-control-plane.ts';
import { standInForEachTest } from './stand-in-for-each-test.ts';

const open = standInForEachTest();
const aCredential = (more = {}) => ({
  ...{ id: 'an-authenticator', subject: 'sub-1', authenticator: 'platform', label: 'office key' },
  ...{ status: 'proposed', enrolledAt: '2026-11-23T14:05:09.000Z' },
  ...more,
});

describe('credential', () => {
  it('ls shows whose authenticators there are, and how to approve one that waits', async () => {
    const { url } = await open((app) => app.get('/v1/credentials', (c) => c.json({ credentials: [aCredential()] })));

    const { code, stdout } = await runCommand(['credential', 'ls', '--url', url]);
    const { lines } = await runCommand(['credential', 'ls', '--url', url, '--output', 'jsonl']);

    assert.equal(code, 0);
    assert.match(stdout, /an-authenticator +sub-1 +platform +proposed +office key/);
    assert.match(stdout, /credential approve an-authenticator --as sre/);
    assert.deepEqual(lines, [aCredential()]);
  });

  it('takes an id that begins with a hyphen for an id, wherever it stands', async () => {
    const id = '-wP9sU0DFOs7m8xt3Zwkos9OwFKANNdss_5xoPunYKI';
    const changed = { credential: aCredential({ id, status: 'revoked' }), summary: 'it is done' };
    const { url, requests } = await open((app) => app.post('/v1/credentials/:id/:what', (c) => c.json(changed)));

    const { code } = await runCommand(['credential', 'revoke', id, '--url', url]);

    assert.deepEqual([code, requests.map(({ path }) => path)], [0, [`/v1/credentials/${id}/revocation`]]);
  });

  it('approve asks for a login whose second factor is fresh, revoke for any', async () => {
    const changed = { credential: aCredential({ status: 'active' }), summary: 'it is done' };
    const { url, requests } = await open((app) => app.post('/v1/credentials/:id/:what', (c) => c.json(changed)));
    const fresh: unknown[] = [];
    const accessToken = async ({ freshWithinSeconds }: { freshWithinSeconds?: number | undefined }) =>
      `${fresh.push(freshWithinSeconds)}`;

    const approved = await runCommand(['credential', 'approve', 'a key', '--url', url], { accessToken });
    await runCommand(['credential', 'revoke', 'a key', '--url', url], { accessToken });

    assert.match(approved.stdout, /✓ it is done/);
    assert.deepEqual(fresh, [180, undefined]);
    assert.deepEqual(
      requests.map(({ path }) => path),
      ['/v1/credentials/a%20key/approval', '/v1/credentials/a%20key/revocation'],
    );
  });
});

describe('approve, for somebody who is no demo user', () => {
  const approve = (url: string, ...more: string[]) => [
    ...['approve', '--strategy', 'btc-momentum', '--yes', '--detach', '--data', demoData(), '--url', url],
    ...more,
  ];
  const page = {
    session: 's',
    subject: 'sub-1',
    url: 'http://localhost:1/sign/s#secret',
    expiresAt: '2026-11-23T14:10:09Z',
  };

  it('opens the signing page, and waits until the approval shows the signature', async () => {
    let looks = 0;
    const signature = { actor: 'sub-1', role: 'risk-officer', decision: 'approve', at: '2026-11-23T14:05:09.000Z' };
    const { url, requests } = await open((app) => {
      app.post('/v1/approvals/:id/signing-sessions', (c) => c.json(page));
      app.get('/v1/approvals/:id', (c) => {
        looks += 1;
        return c.json(anApproval(looks < 4 ? {} : { signatures: [signature] }));
      });
    });
    const opened: string[] = [];

    const { code, stdout, stderr } = await runCommand(approve(url), {
      openBrowser: (address) => void opened.push(address),
    });

    assert.equal(code, 0, stderr);
    assert.deepEqual(opened, [page.url]);
    assert.match(stdout, /sign in your browser, with your authenticator: http:\/\/localhost:1\/sign\/s#secret/);
    assert.match(stdout, /✓ signed: the question is open/);
    assert.ok(requests.every(({ path }) => !path.endsWith('/signatures')));
  });

  const aSignature = (more = {}) => ({
    ...{ actor: 'sub-1', role: 'risk-officer', decision: 'approve', at: '2026-11-23T14:05:09.000Z' },
    ...more,
  });
  /** A control plane whose question looks like this at the third look. */
  const answeredBy = (asked: object) =>
    open((app) => {
      let looks = 0;
      app.post('/v1/approvals/:id/signing-sessions', (c) => c.json(page));
      app.get('/v1/approvals/:id', (c) => {
        looks += 1;
        return c.json(anApproval(looks < 4 ? {} : asked));
      });
    });

  it('takes a no on the page for what it is', async () => {
    const { url } = await answeredBy({ signatures: [aSignature({ decision: 'decline' })], status: 'declined' });

    assert.match((await runCommand(approve(url))).stdout, /✓ declined: the question is declined/);
  });

  it('does not take the signature of somebody else for theirs, and ends when others have settled it', async () => {
    const { url } = await answeredBy({ signatures: [aSignature({ actor: 'sub-2' })], status: 'declined' });

    const { code, stderr } = await runCommand(approve(url));

    assert.deepEqual([code, /the question is declined, without you/.test(stderr)], [10, true], stderr);
  });

  it('is the way to sign of a demo user as well who asks for it', async () => {
    const { url } = await answeredBy({ signatures: [aSignature()] });

    const { stdout } = await runCommand([...approve(url, '--browser', '--as', 'risk'), '--data', demoData('risk')]);

    assert.match(stdout, /sign in your browser/);
  });

  it('asks for no new login while it waits, however long the person takes', async () => {
    const { url } = await answeredBy({ signatures: [aSignature()] });
    const fresh: unknown[] = [];

    await runCommand(approve(url), {
      accessToken: async ({ freshWithinSeconds }) => `${fresh.push(freshWithinSeconds)}`,
    });

    assert.deepEqual(fresh.slice(-2), [undefined, undefined]);
  });

  it('says so when the page is over, the person stops it, or no page can be had', async () => {
    const over = await open((app) =>
      app.post('/v1/approvals/:id/signing-sessions', (c) => c.json({ ...page, expiresAt: '2026-11-23T14:05:08Z' })),
    );
    const waiting = await answeredBy({});
    const none = await open((app) =>
      app.post('/v1/approvals/:id/signing-sessions', () => problem(403, 'SecondFactorStale', 'too old')),
    );
    const interruption = new AbortController();
    const stopped = await runCommand(approve(waiting.url), {
      interrupted: interruption.signal,
      openBrowser: () => interruption.abort(),
    });

    assert.match((await runCommand(approve(over.url))).stderr, /nothing was done on that page, which is over now/);
    assert.deepEqual([stopped.code, /SigningInterrupted/.test(stopped.stderr)], [130, true]);
    assert.equal((await runCommand(approve(none.url))).code, 12);
  });
});

describe('credential enrol', () => {
  const page = {
    session: 's',
    subject: 'sub-1',
    url: 'http://localhost:1/sign/s#secret',
    expiresAt: '2026-11-23T14:10:09Z',
  };
  const enrolling = () =>
    open((app) => {
      let looks = 0;
      app.post('/v1/enrolment-sessions', (c) => c.json(page));
      app.get('/v1/credentials', (c) => {
        looks += 1;
        const others = aCredential({ id: `of-another-${looks}`, subject: 'sub-2' });
        const own = aCredential({ id: 'old-one', status: 'active' });
        return c.json({ credentials: [others, own, ...(looks < 4 ? [] : [aCredential()])] });
      });
    });

  it('opens the page with its label, waits for an authenticator of this very person, and says who approves it', async () => {
    const { url } = await enrolling();
    const opened: string[] = [];

    const { code, stdout } = await runCommand(['credential', 'enrol', '--label', 'office key', '--url', url], {
      openBrowser: (address) => void opened.push(address),
    });

    assert.equal(code, 0);
    assert.deepEqual(opened, [`${page.url}&label=office+key`]);
    assert.match(stdout, /✓ office key is registered as an-authenticator\n[\s\S]*credential approve an-authenticator/);
  });

  it('gives the authenticator and nothing else to a machine', async () => {
    const { url } = await enrolling();

    const { lines, stderr } = await runCommand(['credential', 'enrol', '--url', url, '--output', 'jsonl']);

    assert.deepEqual(lines, [aCredential()]);
    assert.match(stderr, /register in your browser, with your authenticator: http:\/\/localhost:1\/sign\/s#secret\n/);
  });
});

describe('demoAssertion', () => {
  const here = { challenge: 'Y2hhbGxlbmdl', rpId: 'localhost', origin: 'http://localhost:1' };
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 5)));
  const signer = (dataPath: string) => ({ dataPath, name: 'risk', authenticator: authenticatorOf('risk') });
  const counterOf = ({ response }: Assertion) => Buffer.from(response.authenticatorData, 'base64url').readUInt32BE(33);

  it('never gives the same counter twice, also to several processes at once', async () => {
    const dataPath = demoData('risk');

    const all = await Promise.all(Array.from({ length: 8 }, () => demoAssertion(signer(dataPath), here, { sleep })));

    const counters = all.map((each) => counterOf(Assertion.parse(each)));
    assert.deepEqual(
      counters.toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  });

  it('is of nobody who owns none, and reads no file of another name', async () => {
    const dataPath = demoData('risk');

    for (const name of ['ann', '../risk', '']) assert.equal(await demoAuthenticator(dataPath, name), undefined);
  });

  it('gives up when another process holds the authenticator', async () => {
    const dataPath = demoData('risk');
    const path = `${dataPath}/authenticators/risk.lock`;
    const release = await lockSession(path, { sleep, waitMs: 10 });

    await assert.rejects(demoAssertion(signer(dataPath), here, { sleep, waitMs: 10 }), { code: 'AuthenticatorBusy' });
    await release?.();
  });
});
