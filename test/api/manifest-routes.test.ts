import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { manifestKey } from '../../domain/launch/change-manifest.ts';
import { readApprovedChange } from '../../domain/launch/read-approved-change.ts';
import { digestOf, digestOfBytes } from '../../domain/ledger/digest.ts';
import { manifestOf, newKey, signedManifest, signedStatement } from '../fakes/signed-manifest.ts';
import { STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const PATH = `/v1/strategies/${STRATEGY}/manifests`;
const Published = z.looseObject({
  key: z.string(),
  digest: z.string(),
  replaces: z.string().nullable(),
  signers: z.array(z.string()),
  receipt: z.looseObject({ index: z.number() }),
});
const Problem = z.looseObject({ code: z.string(), detail: z.string(), next: z.string().min(8) });

describe('POST manifests', () => {
  let made: ApiWorld;
  beforeEach(() => {
    made = apiWorld();
  });
  const post = (raw: string, as = 'trader', key: string = randomUUID(), path = PATH) =>
    made.send('launch', path, { as, raw, headers: { 'idempotency-key': key } });
  const newer = (changes = {}) =>
    signedManifest({ ...made.approved, issuedAt: '2026-11-20T00:00:00Z', ...changes }, made.key);
  const stored = () => Buffer.from(made.evidence.files.get(manifestKey(STRATEGY)) ?? '');
  const refused = async (response: Response) => {
    const { code, detail } = Problem.parse(await response.json());
    return [response.status, code, detail] as const;
  };

  it('puts the manifest where gate 1.1 reads it, over the old one, and says in the ledger who did', async () => {
    const before = digestOfBytes(stored());

    const response = await post(newer());

    const reply = Published.parse(await response.json());
    assert.equal(response.status, 200);
    assert.deepEqual([reply.replaces, reply.digest, reply.signers], [before, digestOfBytes(stored()), ['sub-quant']]);
    assert.equal((await readApprovedChange(STRATEGY, made.ports)).manifestDigest, reply.digest);
    const [entry] = (made.store.logs.get(STRATEGY) ?? []).map(({ text }) => JSON.parse(text));
    assert.deepEqual(
      [entry.type, entry.actor, entry.ticket, entry.payload.digest],
      ['manifest.published', 'sub-trader', 'TP-1', reply.digest],
    );
  });

  it('publishes the first one, and the same one again without another version', async () => {
    made.evidence.files.delete(manifestKey(STRATEGY));
    let written = 0;
    const replace = made.evidence.replace.bind(made.evidence);
    made.evidence.replace = async (...call) => {
      written += 1;
      return replace(...call);
    };

    const first = Published.parse(await (await post(newer())).json());
    const again = Published.parse(await (await post(newer())).json());

    assert.deepEqual([first.replaces, again.replaces, again.digest, written], [null, null, first.digest, 1]);
  });

  it('finishes with the same key what failed between ledger and bucket', async () => {
    const key = randomUUID();
    const replace = made.evidence.replace.bind(made.evidence);
    made.evidence.replace = async () => {
      throw new Error('the bucket is away');
    };
    assert.equal((await post(newer(), 'trader', key)).status, 500);
    made.evidence.replace = replace;

    const reply = Published.parse(await (await post(newer(), 'trader', key)).json());

    assert.equal(reply.digest, digestOfBytes(stored()));
    assert.deepEqual(made.store.storyOf(STRATEGY), ['manifest.published']);
  });

  it('refuses when somebody else has published in the same moment', async () => {
    made.evidence.replace = async () => undefined;

    assert.deepEqual((await refused(await post(newer()))).slice(0, 2), [409, 'Contended']);
  });

  it('refuses whoever may not, and counts that', async () => {
    assert.deepEqual((await refused(await post(newer(), 'risk'))).slice(0, 2), [403, 'WrongRole']);
    assert.equal([...made.store.counters.values()].length, 1);
  });

  it('refuses five megabytes before anything is read', async () => {
    const [status, code, detail] = await refused(await post(JSON.stringify({ payload: 'A'.repeat(5_000_000) })));

    assert.deepEqual([status, code], [413, 'BodyTooLarge']);
    assert.match(detail, /50000\d\d bytes/);
  });

  const cases: readonly (readonly [string, () => string, number, string])[] = [
    ['a manifest without a signature', () => signedManifest(made.approved), 422, 'ManifestUnsigned'],
    ['one of a stranger', () => signedManifest(made.approved, newKey().key), 422, 'ManifestTampered'],
    ['one that has expired', () => newer({ expiresAt: '2026-11-24T12:00:00Z' }), 422, 'ManifestExpired'],
    ['one for another strategy', () => newer({ strategyId: 'eurusd-carry' }), 422, 'ManifestForeign'],
    ['one for another environment', () => newer({ environment: 'paper' }), 422, 'ManifestForeign'],
    [
      'one that is older than what is there',
      () => newer({ issuedAt: '2026-10-31T00:00:00Z' }),
      409,
      'ManifestOutdated',
    ],
    [
      'one that a key signed twice',
      () => signedStatement({ ...manifestOf(made.approved) }, made.key, made.key),
      400,
      'InvalidRequest',
    ],
    ['another statement', () => signedStatement({ a: 1 }, made.key), 400, 'InvalidRequest'],
    ['what is no envelope', () => JSON.stringify({ payload: '!!' }), 400, 'InvalidRequest'],
  ];
  for (const [what, text, status, code] of cases) {
    it(`refuses ${what}, and leaves what is there`, async () => {
      const before = digestOfBytes(stored());

      assert.deepEqual((await refused(await post(text()))).slice(0, 2), [status, code]);

      assert.equal(digestOfBytes(stored()), before);
      assert.deepEqual(made.store.storyOf(STRATEGY), []);
    });
  }

  it('takes one that somebody unknown has signed too, on the signature that counts', async () => {
    const statement = manifestOf({ ...made.approved, issuedAt: '2026-11-20T00:00:00Z' });

    const reply = Published.parse(await (await post(signedStatement(statement, made.key, newKey().key))).json());

    assert.deepEqual(reply.signers, ['sub-quant']);
  });

  it('takes the place of what cannot be read', async () => {
    made.evidence.files.set(manifestKey(STRATEGY), Buffer.from('junk'));

    assert.equal((await post(newer({ issuedAt: '2026-10-01T00:00:00Z' }))).status, 200);
  });

  it('refuses a strategy that is not there', async () => {
    const path = '/v1/strategies/nobody/manifests';

    assert.deepEqual((await refused(await post(newer(), 'trader', randomUUID(), path))).slice(0, 2), [
      404,
      'UnknownStrategy',
    ]);
  });

  it('tells every finding, not only the first', async () => {
    const text = newer({ environment: 'paper', expiresAt: '2026-11-24T12:00:00Z', artifact: digestOf('x') });

    const body = z.looseObject({ facts: z.looseObject({ findings: z.array(z.looseObject({ verdict: z.string() })) }) });
    const { facts } = body.parse(await (await post(text)).json());

    assert.equal(facts.findings.filter(({ verdict }) => verdict === 'no-go').length, 2);
  });
});
