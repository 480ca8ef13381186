import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import type { Approval } from '../../domain/approval/approval.ts';
import { challengeOf } from '../../domain/signature/assertion.ts';
import { batchDigest, SigningBatch } from '../../domain/signature/signing-batch.ts';
import { assertionOf, authenticatorOf } from '../fakes/passkeys.ts';
import { askThree, signedTogether, THREE } from '../fakes/several-launches.ts';
import { risk } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Reply = z.record(z.string(), z.unknown());
const Item = z.looseObject({
  approval: z.string(),
  status: z.string().optional(),
  refusal: z.looseObject({ code: z.string(), next: z.string() }).optional(),
});

let made: ApiWorld;
let asked: Approval[];
const changed = new Set<string>();
beforeEach(() => {
  made = apiWorld();
  changed.clear();
  asked = askThree(made, changed);
});

async function post(path: string, as: string, body: unknown, key?: string) {
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  const response = await made.send('sign', `/v1/approvals/${path}`, { as, body, headers });
  return { status: response.status, body: Reply.parse(await response.json()) };
}
const optionsFor = (approvals: readonly string[], as = 'risk') => post('signing-options', as, { approvals });
const ids = () => asked.map(({ id }) => id);
const signed = (changes: object = {}) => {
  const { batch, assertion } = signedTogether(made, risk, asked);
  return { ...batch, assertion, ...changes };
};
const sign = (body: unknown = signed(), as = 'risk', key: string | undefined = 'key-0001') =>
  post('signatures', as, body, key);
const outcomes = ({ body }: Awaited<ReturnType<typeof post>>) =>
  z
    .array(Item)
    .parse(body['items'])
    .map(({ status, refusal }) => status ?? refusal?.code);
const codeOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [status, body['code']];

describe('POST signing-options for several launches', () => {
  it('says what an authenticator is asked for all of them, in whatever order they are named', async () => {
    assertionOf(made, risk, asked[0]?.digest ?? assert.fail());

    const { status, body } = await optionsFor(ids().toReversed());

    const { digest, origin, options, ...batch } = body;
    assert.deepEqual([status, origin], [200, 'https://sign.example.com']);
    assert.deepEqual(SigningBatch.parse(batch).items, [
      ...asked.map(({ id, digest: each }) => ({ approval: id, digest: each })),
    ]);
    assert.equal(digest, batchDigest(SigningBatch.parse(batch)));
    assert.deepEqual(options, {
      challenge: challengeOf(String(digest)),
      rpId: 'sign.example.com',
      allowCredentials: [{ id: authenticatorOf(risk.subject).id, type: 'public-key' }],
      userVerification: 'required',
      timeout: 300_000,
    });
  });

  it('is what is signed', async () => {
    const { body } = await optionsFor(ids());
    const batch = SigningBatch.parse({ items: body['items'], nonce: body['nonce'], expiresAt: body['expiresAt'] });

    const reply = await sign({ ...batch, assertion: assertionOf(made, risk, batchDigest(batch)) });

    assert.deepEqual([reply.body['summary'], outcomes(reply)], ['signed 3 of 3', ['open', 'open', 'open']]);
  });

  it('refuses one alone, one twice, more than twenty, one that is not there, and what is signed by itself', async () => {
    const [first = '', second = ''] = ids();
    const many = Array.from({ length: 21 }, (_, index) => `a-${index}`);
    for (const wrong of [[first], [first, first], many])
      assert.deepEqual(codeOf(await optionsFor(wrong)), [400, 'InvalidRequest']);
    assert.deepEqual(codeOf(await optionsFor([first, 'nothing'])), [404, 'UnknownApproval']);

    const [record = assert.fail()] = asked;
    await made.store.put({ kind: 'APPROVAL', record: { ...record, kind: 'flag-flip' } });
    assert.deepEqual(codeOf(await optionsFor([first, second])), [400, 'InvalidRequest']);
  });
});

describe('POST signatures for several launches', () => {
  it('signs each in its own log, and asks for a checkpoint of each', async () => {
    const { status, body } = await sign();

    assert.deepEqual([status, body['summary']], [200, 'signed 3 of 3']);
    assert.deepEqual(
      made.events,
      THREE.map((log) => ({ detailType: 'ledger.appended', detail: { log } })),
    );
    for (const log of THREE) assert.deepEqual(made.store.storyOf(log), ['approval.signed']);
    assert.doesNotMatch(JSON.stringify(body), /taskToken/);
  });

  it('keeps to itself which documents the counter of an authenticator is of', async () => {
    await sign();

    const shown = await (await made.send('sign', '/v1/credentials', { as: 'risk', method: 'GET' })).json();

    assert.match(JSON.stringify(shown), /"counter":1/);
    assert.doesNotMatch(JSON.stringify(shown), /counterOf|"version"/);
  });

  it('says of each what became of it: a refused one refuses itself alone, and is counted', async () => {
    changed.add(THREE[1]);

    const reply = await sign();

    assert.deepEqual([reply.status, reply.body['summary']], [200, 'signed 2 of 3']);
    assert.deepEqual(outcomes(reply), ['open', 'PlanChanged', 'open']);
    assert.match(JSON.stringify(reply.body), /commit was .*look at the new plan/);
    assert.deepEqual(
      [...made.store.counters.values()].map(({ actor, code }) => [actor, code]),
      [[risk.subject, 'PlanChanged']],
    );
    assert.ok(made.lines.some(({ code, approval }) => code === 'PlanChanged' && approval === asked[1]?.id));
  });

  it('completes on a repeat what a fault has left, and answers the same for what was written', async () => {
    const body = signed();
    const commit = made.store.commit.bind(made.store);
    made.store.commit = async (before, ...given) => {
      if (before.id === THREE[1]) throw new Error('the store is away');
      return commit(before, ...given);
    };
    assert.deepEqual(codeOf(await sign(body)), [500, 'Fault']);
    assert.deepEqual(
      THREE.map((id) => made.store.storyOf(id).length),
      [1, 0, 0],
    );
    made.store.commit = commit;

    const completed = await sign(body);

    assert.deepEqual(outcomes(completed), ['open', 'open', 'open']);
    assert.deepEqual(await sign(body), completed);
    assert.deepEqual(
      THREE.map((id) => made.store.storyOf(id).length),
      [1, 1, 1],
    );
  });

  it('refuses all of them to another person, and to somebody without the role', async () => {
    const foreign = await sign(signed(), 'trader');
    const quant = await sign(signed(), 'quant', 'key-0002');

    assert.deepEqual(new Set(outcomes(foreign)), new Set(['CredentialOfAnother']));
    assert.deepEqual(new Set(outcomes(quant)), new Set(['WrongRole']));
    assert.equal(foreign.body['summary'], 'signed 0 of 3');
  });

  it('refuses a signature that is over', async () => {
    const body = signed();
    made.pass(300_000);

    assert.deepEqual(new Set(outcomes(await sign(body))), new Set(['ApprovalExpired']));
  });

  it('refuses what is not in its form, and what comes without a key or without the scope', async () => {
    const items = [...signed().items];
    for (const wrong of [{ items: items.toReversed() }, { items: items.slice(1, 2) }, { nonce: 'x' }, { more: 1 }])
      assert.deepEqual(codeOf(await sign(signed(wrong))), [400, 'InvalidRequest']);
    assert.deepEqual(codeOf(await sign(signed({ assertion: undefined }))), [400, 'InvalidRequest']);
    assert.deepEqual(codeOf(await post('signatures', 'risk', signed())), [400, 'IdempotencyKeyMissing']);
    assert.deepEqual(codeOf(await sign(signed(), 'reader')), [403, 'NotPermitted']);
    for (const log of THREE) assert.deepEqual(made.store.storyOf(log), []);
  });
});
