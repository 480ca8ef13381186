import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { Approval } from '../../domain/approval/approval.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { readPlan } from '../../domain/plan/read-plan.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import type { Passkey } from '../../domain/signature/credential.ts';
import { registrationOf } from '../fakes/new-key.ts';
import { assertionOf, authenticatorOf, passkeyOf } from '../fakes/passkeys.ts';
import { REGISTRATION, risk, START, STRATEGY, trader, world } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const KEY = { 'idempotency-key': 'key-0001' };
const Reply = z.record(z.string(), z.unknown());
const document = {
  action: 'launch',
  strategy: STRATEGY,
  epoch: 0,
  nonce: '0123456789abcdef',
  expiresAt: new Date(START.getTime() + 1_800_000).toISOString(),
  plan: await readPlan(STRATEGY, world().ports),
};
const digest = digestOf(document);

let made: ApiWorld;
beforeEach(() => {
  made = apiWorld();
  const approval = Approval.parse({
    ...{ id: 'a-question', kind: 'launch-confirmation', strategyId: STRATEGY, epoch: 0, document, digest },
    ...{ runId: 'launch-btc-momentum-20261124-0123456789ab', status: 'open', taskToken: 'token' },
    ...{ requiredRoles: ['execution-trader', 'risk-officer'], mayDecline: [], excluded: [], signatures: [] },
    ...{ openedAt: START.toISOString(), expiresAt: document.expiresAt },
  });
  made.store.records.set(`APPROVAL#${approval.id}`, { kind: 'APPROVAL', record: approval });
});

type Options = Parameters<ApiWorld['send']>[2];
async function send(path: string, options: Options = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await made.send('sign', path, { headers: KEY, ...options });
  return { status: response.status, body: Reply.parse(await response.json()) };
}
const get = (path: string, as: string) => send(path, { as, method: 'GET' });
const codeOf = ({ status, body }: Awaited<ReturnType<typeof send>>) => [status, body['code']];
const answer = (more: object = {}) => ({
  decision: 'approve',
  digest,
  assertion: assertionOf(made, risk, digest),
  ...more,
});
const SIGNATURES = '/v1/approvals/a-question/signatures';

describe('POST signatures', () => {
  it('records the signature whole, and asks for a checkpoint that proves it at once', async () => {
    const { status, body } = await send(SIGNATURES, { as: 'risk', body: answer() });

    assert.deepEqual([status, body['summary']], [200, 'signed: the question is open']);
    assert.deepEqual(made.events, [{ detailType: 'ledger.appended', detail: { log: STRATEGY } }]);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['approval.signed']);
    assert.doesNotMatch(JSON.stringify(body), /taskToken/);
  });

  it('raises the counter with the signature, so that the same one does not come again', async () => {
    const body = answer();
    await send(SIGNATURES, { as: 'risk', body });

    const { counter } = (await made.store.get('CREDENTIAL', authenticatorOf(risk.subject).id)) as Passkey;
    assert.equal(counter, 1);
    assert.deepEqual(await send(SIGNATURES, { as: 'risk', body }), await send(SIGNATURES, { as: 'risk', body }));
  });

  it('voids a launch whose plan has changed, and says what; the page and the list say so to whoever looks', async () => {
    const looking = async () =>
      Reply.parse(await (await made.send('query', '/v1/approvals/a-question', { as: 'auditor' })).json());
    const before = await looking();
    const policy = { ...REGISTRATION.policy, maxOrdersPerSec: 1 };
    await made.store.put({ kind: 'REGISTRATION', record: { ...REGISTRATION, policy } });

    const changed = await looking();
    const refused = await send(SIGNATURES, { as: 'risk', body: answer() });

    assert.deepEqual([codeOf(refused), made.store.storyOf(STRATEGY)], [[409, 'PlanChanged'], ['approval.voided']]);
    assert.match(JSON.stringify(refused.body), /policy\.maxOrdersPerSec was 5, is 1/);
    assert.deepEqual(
      [before, changed, await looking()].map((seen) => [seen['status'], seen['stands']]),
      [
        ['open', true],
        ['open', false],
        ['void', false],
      ],
    );
  });

  it('stands when nobody can be asked for a checkpoint: the schedule makes one', async () => {
    made.ports.bus.publish = () => Promise.reject(new Error('no bus'));

    assert.equal((await send(SIGNATURES, { as: 'risk', body: answer() })).status, 200);
    assert.equal(made.lines.find(({ message }) => message === 'no checkpoint asked for')?.['error'], 'Error: no bus');
  });

  it('refuses an approval that is not there, a signature that is not there, and counts what somebody tried', async () => {
    for (const id of ['nothing', 'not%20an%20id'])
      assert.deepEqual(codeOf(await send(`/v1/approvals/${id}/signatures`, { as: 'risk', body: answer() })), [
        404,
        'UnknownApproval',
      ]);
    const unsigned = await send(SIGNATURES, { as: 'risk', body: answer({ assertion: undefined }) });

    assert.deepEqual(codeOf(unsigned), [403, 'SignatureMissing']);
    assert.deepEqual(unsigned.body['facts'], { challenge: challengeOf(digest) });
    assert.deepEqual([...made.store.counters.values()].map(({ code }) => code).sort(), [
      'SignatureMissing',
      'UnknownApproval',
    ]);
  });

  it('takes a no without a signature, also with an old login', async () => {
    const { body } = await send(SIGNATURES, { as: 'stale', body: { decision: 'decline', digest } });

    assert.equal(body['summary'], 'declined: the question is declined');
  });

  it('says that there is nothing at an unknown path', async () => {
    assert.equal((await send('/v1/nothing', { as: 'risk' })).status, 404);
  });
});

describe('GET signing-options', () => {
  it('says what an authenticator is asked, and with which of the caller', async () => {
    assertionOf(made, risk, digest);
    const revoked = passkeyOf(trader.subject, { status: 'revoked' });
    made.store.records.set('CREDENTIAL#x', { kind: 'CREDENTIAL', record: revoked });

    const { body } = await get('/v1/approvals/a-question/signing-options', 'risk');

    assert.deepEqual(body, {
      approval: 'a-question',
      digest,
      origin: 'https://sign.example.com',
      options: {
        challenge: challengeOf(digest),
        rpId: 'sign.example.com',
        allowCredentials: [{ id: authenticatorOf(risk.subject).id, type: 'public-key' }],
        userVerification: 'required',
        timeout: 300_000,
      },
    });
    const own = await get('/v1/approvals/a-question/signing-options', 'trader');
    assert.deepEqual(Object(own.body['options']).allowCredentials, []);
  });
});

describe('a signing session', () => {
  const open = async (as = 'risk') => {
    const { body } = await send('/v1/approvals/a-question/signing-sessions', { as, body: {} });
    const [, id = '', secret = ''] =
      /^https:\/\/sign\.example\.com\/sign\/([^#]+)#(.+)$/.exec(String(body['url'])) ?? [];
    return { id, secret, path: `/v1/signing-sessions/${id}`, headers: { 'signing-secret': secret } };
  };

  it('shows the document and signs it, once, without a token', async () => {
    const { path, headers } = await open();

    const shown = await send(path, { headers, method: 'GET' });
    const signed = await send(`${path}/signature`, { headers, body: answer() });
    const again = await send(`${path}/signature`, { headers, body: answer() });

    assert.deepEqual([shown.body['kind'], Object(shown.body['approval']).digest], ['sign', digest]);
    assert.equal(Object(shown.body['options']).challenge, challengeOf(digest));
    assert.deepEqual([signed.status, signed.body['summary']], [200, 'signed: the question is open']);
    assert.deepEqual(codeOf(again), [403, 'SigningSessionInvalid']);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['approval.signed']);
  });

  it('keeps no secret, only its hash', async () => {
    const { id, secret } = await open();

    assert.doesNotMatch(JSON.stringify(await made.store.get('SESSION', id)), new RegExp(secret));
  });

  it('is nothing to whoever has not its secret, and says no more to them than of one that is not there', async () => {
    const { path } = await open();

    const wrong = await send(path, { headers: { 'signing-secret': 'guessed' }, method: 'GET' });
    const none = await send('/v1/signing-sessions/another', { headers: {}, method: 'GET' });

    assert.deepEqual([codeOf(wrong), wrong.body], [[403, 'SigningSessionInvalid'], none.body]);
  });

  it('ends after five minutes', async () => {
    const { path, headers } = await open();
    made.pass(300_000);

    assert.deepEqual(codeOf(await send(path, { headers, method: 'GET' })), [403, 'SigningSessionInvalid']);
  });

  it('signs for the person who opened it and for nobody else, whose authenticator it ever is', async () => {
    const { path, headers } = await open('trader');

    const refused = await send(`${path}/signature`, { headers, body: answer() });

    assert.deepEqual(codeOf(refused), [403, 'CredentialOfAnother']);
    assert.deepEqual(
      [...made.store.counters.values()].map(({ actor, code }) => [actor, code]),
      [[trader.subject, 'CredentialOfAnother']],
    );
  });

  it('may say no as well, and enrols nothing', async () => {
    const { path, headers } = await open();

    const enrol = { response: registrationOf('new', { challenge: 'AAAA' }), label: 'key' };
    assert.deepEqual(codeOf(await send(`${path}/credential`, { headers, body: enrol })), [
      403,
      'SigningSessionInvalid',
    ]);
    const declined = await send(`${path}/signature`, { headers, body: { decision: 'decline', digest } });
    assert.equal(declined.body['summary'], 'declined: the question is declined');
  });

  it('is opened by nobody whose login is old', async () => {
    const refused = await send('/v1/approvals/a-question/signing-sessions', { as: 'stale', body: {} });

    assert.deepEqual(codeOf(refused), [403, 'SecondFactorStale']);
  });

  it('tells nothing of a fault, and logs it', async () => {
    const { path, headers } = await open();
    made.store.get = () => Promise.reject(new Error('the store is away'));

    assert.deepEqual(codeOf(await send(path, { headers, method: 'GET' })), [500, 'Fault']);
  });
});

describe('authenticators', () => {
  const NEW = authenticatorOf('new').id;
  const newKey = { id: NEW, publicKey: authenticatorOf('new').publicKey, counter: 0, aaguid: 'none' };
  const keyed = (key: string, options: Options): Options => ({ ...options, headers: { 'idempotency-key': key } });

  /** A person enrols the new authenticator by token; answers the reply. */
  async function enrolled(as = 'trader', changes: { challenge?: string; origin?: string } = {}) {
    made.ports.webauthn.keys.set(NEW, newKey);
    const { body } = await send('/v1/credentials/options', { as, body: {} });
    const { challenge } = z.object({ challenge: z.string() }).parse(body['options']);
    const response = registrationOf('new', { challenge, ...changes });
    return send(
      '/v1/credentials',
      keyed('key-enrol', { as, body: { session: body['session'], response, label: 'new' } }),
    );
  }
  const approve = (as: string, body: object = {}) =>
    send(`/v1/credentials/${NEW}/approval`, keyed(`key-approve-${as}`, { as, body }));
  const revoke = (as: string, id = NEW) =>
    send(`/v1/credentials/${id}/revocation`, keyed(`key-revoke-${as}`, { as, body: {} }));
  const statusOf = async () => (await made.store.get('CREDENTIAL', NEW))?.status;

  it('are enrolled, approved by another person, and revoked, all in the log `desk`', async () => {
    const { status, body } = await enrolled();
    assert.deepEqual([status, body['summary']], [200, `${NEW} is proposed`]);
    assert.equal((await approve('risk')).body['summary'], `${NEW} is active`);
    assert.equal((await revoke('trader')).body['summary'], `${NEW} is revoked`);

    assert.deepEqual(made.store.storyOf('desk'), ['credential.enrolled', 'credential.approved', 'credential.revoked']);
    const [{ text } = { text: '' }] = made.store.logs.get('desk') ?? [];
    assert.deepEqual(z.object({ payload: z.unknown() }).parse(JSON.parse(text)).payload, {
      ...{ id: NEW, type: 'webauthn', owner: trader.subject, publicKey: newKey.publicKey },
      ...{ authenticator: 'platform', aaguid: 'none', status: 'proposed' },
    });
    assert.deepEqual(made.events.at(-1), { detailType: 'ledger.appended', detail: { log: 'desk' } });
  });

  it('are not approved by their owner, nor by somebody whose role answers for nobody', async () => {
    await enrolled('risk');

    assert.deepEqual(codeOf(await approve('risk')), [409, 'SamePerson']);
    assert.deepEqual(codeOf(await approve('trader')), [403, 'WrongRole']);
    assert.equal(await statusOf(), 'proposed');
  });

  it('are approved by a signature of another one of their owner', async () => {
    await enrolled();
    const { body } = await get('/v1/credentials', 'trader');
    const [{ approval } = { approval: undefined }] = z
      .array(z.object({ id: z.string(), approval: z.object({ digest: z.string() }).optional() }))
      .parse(body['credentials'])
      .filter(({ id }) => id === NEW);
    const asked = approval?.digest ?? assert.fail('nothing to sign');

    const wrong = await approve('trader', { assertion: assertionOf(made, trader, digest) });
    assert.deepEqual(codeOf(wrong), [409, 'WrongChallenge']);
    const signed = await send(
      `/v1/credentials/${NEW}/approval`,
      keyed('key-signed', { as: 'trader', body: { assertion: assertionOf(made, trader, asked as never) } }),
    );

    assert.equal(signed.body['summary'], `${NEW} is active`);
    assert.match(made.store.logs.get('desk')?.at(-1)?.text ?? '', /"method":"webauthn"/);
  });

  it('are approved by another person who signs, too, and by no owner with an old login', async () => {
    await enrolled();
    const stands = (await made.store.get('CREDENTIAL', NEW)) as Passkey;
    const { passkeyDocument } = await import('../../domain/signature/approve-passkey.ts');
    const { digest: asked } = passkeyDocument(stands);

    const stale = await approve('stale', { assertion: assertionOf(made, trader, asked) });
    assert.deepEqual(codeOf(stale), [403, 'SecondFactorStale']);
    assert.equal((await approve('risk', { assertion: assertionOf(made, risk, asked) })).status, 200);
  });

  it('are approved once, and never after they were revoked', async () => {
    await enrolled();
    await approve('risk');
    assert.equal((await send(`/v1/credentials/${NEW}/approval`, keyed('again', { as: 'risk', body: {} }))).status, 400);
    const again = await send(`/v1/credentials/${NEW}/approval`, keyed('key-again', { as: 'risk', body: {} }));
    assert.equal(again.body['summary'], `${NEW} is active`);
    await revoke('risk');

    const after = await send(`/v1/credentials/${NEW}/approval`, keyed('key-after', { as: 'risk', body: {} }));
    assert.deepEqual(codeOf(after), [403, 'CredentialRevoked']);
    assert.equal(
      (await send(`/v1/credentials/${NEW}/revocation`, keyed('key-twice', { as: 'risk', body: {} }))).status,
      200,
    );
    assert.equal(made.store.storyOf('desk').length, 3);
  });

  it('are revoked by nobody who is neither their owner nor answers for them', async () => {
    await enrolled('risk');

    assert.deepEqual(codeOf(await revoke('trader')), [403, 'WrongRole']);
    assert.deepEqual(codeOf(await revoke('trader', 'nothing')), [404, 'UnknownCredential']);
  });

  it('are not enrolled by an answer to another challenge, on another page, twice, or in the session of somebody else', async () => {
    assert.deepEqual(codeOf(await enrolled('trader', { challenge: 'AAAA' })), [409, 'WrongChallenge']);
    assert.deepEqual(codeOf(await enrolled('trader', { origin: 'https://x.example.com' })), [403, 'WrongOrigin']);
    const { body } = await send('/v1/credentials/options', { as: 'risk', body: {} });
    const response = registrationOf('new', { challenge: String(Object(body['options']).challenge) });
    const others = { session: body['session'], response, label: 'x' };
    const foreign = await send('/v1/credentials', keyed('key-foreign', { as: 'trader', body: others }));
    assert.deepEqual(codeOf(foreign), [403, 'SigningSessionInvalid']);

    assert.equal((await enrolled()).status, 200);
    const twice = await send('/v1/credentials', keyed('key-twice', { as: 'risk', body: others }));
    assert.deepEqual(codeOf(twice), [400, 'InvalidRequest']);
  });

  it('are not enrolled when the answer is not in order', async () => {
    made.ports.webauthn.registered = async () => undefined;

    assert.deepEqual(codeOf(await enrolled()), [403, 'SignatureInvalid']);
  });

  it('are shown to their owner, and all of them to whoever answers for others', async () => {
    await enrolled();
    assertionOf(made, risk, digest);
    const seen = async (as: string) => Object((await get('/v1/credentials', as)).body['credentials']).length;

    assert.deepEqual([await seen('trader'), await seen('risk'), await seen('auditor')], [1, 2, 2]);
  });

  it('are enrolled on a page, too, within a session that does nothing else', async () => {
    made.ports.webauthn.keys.set(NEW, newKey);
    const { body } = await send('/v1/enrolment-sessions', { as: 'trader', body: {} });
    const [, id, secret = ''] = /\/sign\/([^#]+)#(.+)$/.exec(String(body['url'])) ?? [];
    const headers = { 'signing-secret': secret };
    const shown = await send(`/v1/signing-sessions/${id}`, { headers, method: 'GET' });
    const { challenge } = z.object({ challenge: z.string() }).parse(shown.body['options']);
    const enrol = { response: registrationOf('new', { challenge }), label: 'laptop' };

    assert.deepEqual(codeOf(await send(`/v1/signing-sessions/${id}/signature`, { headers, body: answer() })), [
      403,
      'SigningSessionInvalid',
    ]);
    assert.equal((await send(`/v1/signing-sessions/${id}/credential`, { headers, body: enrol })).status, 200);
    assert.deepEqual(codeOf(await send(`/v1/signing-sessions/${id}/credential`, { headers, body: enrol })), [
      403,
      'SigningSessionInvalid',
    ]);
    assert.equal(shown.body['kind'], 'enrol');
  });
});
