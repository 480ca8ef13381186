import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEEP, isDeep } from '../is-deep.ts';
import { healthTick } from './aws-of-the-host.ts';
import type { Ask } from './control-plane.ts';
import { killPath, launchedUntil, launchPath, startLaunch, stopPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { accessLogSize, changesNothing, cliRefused, isNoted, isRefusal, refusalsSince } from './refused.ts';
import { secondsAgo } from './tokens.ts';

const LAUNCH = launchPath(BTC);
const body = { environment: 'prod' };

describe('bad input', () => {
  const here = onALocalHost();
  const launch = (options: Ask) => here.ask(LAUNCH, { body, ...options });

  const forms: readonly [what: string, options: Ask, code: string, status: number][] = [
    ['a malformed digest', { body: { ...body, artifact: 'sha256:xyz' } }, 'InvalidRequest', 400],
    ['a digest of another kind', { body: { ...body, artifact: 'md5:0123' } }, 'InvalidRequest', 400],
    ['a member that nobody knows', { body: { ...body, force: true } }, 'InvalidRequest', 400],
    ['a body that is no JSON', { raw: '{"environment":' }, 'InvalidRequest', 400],
    ['no body', { raw: '' }, 'InvalidRequest', 400],
    ['a body over 64 KiB', { body: { environment: 'x'.repeat(70_000) } }, 'BodyTooLarge', 413],
    ['JSON nested 1,000 deep', { raw: `${'['.repeat(1000)}${']'.repeat(1000)}` }, 'BodyNestedTooDeep', 400],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 'UnsupportedMediaType', 415],
    ['no idempotency key', { key: null }, 'IdempotencyKeyMissing', 400],
    ['an idempotency key that is too short', { key: 'short' }, 'IdempotencyKeyMissing', 400],
  ];
  for (const [what, options, code, status] of forms) {
    it(`refuses ${what} with ${code}, notes it, and does nothing else`, async () => {
      await changesNothing(here, BTC, () =>
        isNoted(here, 'trader', code, async () => {
          isRefusal(await launch({ as: 'trader', ...options }), code, status);
        }),
      );
    });
  }

  it('refuses a strategy that nobody knows, whatever is asked of it', async () => {
    for (const id of ['nobody', 'NOT-AN-ID', 'a'.repeat(300)]) {
      for (const what of ['launches', 'stops', 'kills'])
        isRefusal(await here.ask(`/v1/strategies/${id}/${what}`, { as: 'trader', body }), 'UnknownStrategy', 404);
      isRefusal(await here.ask(`/v1/strategies/${id}`, { as: 'trader', method: 'GET' }), 'UnknownStrategy', 404);
    }
    cliRefused(
      await here.cli('deploy', '--env', 'prod', '--strategy', 'nobody', '--as', 'trader'),
      'UnknownStrategy',
      2,
    );
    cliRefused(await here.cli('kill', '--strategy', 'nobody', '--as', 'trader'), 'UnknownStrategy', 2);
  });

  it('refuses a malformed digest at the command line with exit code 2', async () => {
    const result = await changesNothing(here, BTC, () =>
      here.cli('deploy', '--env', 'prod', '--strategy', BTC, '--artifact', 'sha256:xyz', '--as', 'trader'),
    );

    cliRefused(result, 'InvalidRequest', 2);
  });

  it('refuses a token that is not of this issuer, for this audience, and unexpired, and notes nothing of a stranger', async () => {
    const { issued, forged, unsigned } = here.tokenOf;
    const strangers: readonly [token: string | undefined, code: string][] = [
      [undefined, 'TokenMissing'],
      ['not-a-token', 'TokenInvalid'],
      [await forged('trader'), 'TokenInvalid'],
      [await unsigned('trader'), 'TokenInvalid'],
      [await issued('trader', { iss: 'http://127.0.0.1:1/oidc' }), 'TokenInvalid'],
      [await issued('trader', { aud: 'somebody-else', client_id: 'somebody-else' }), 'TokenInvalid'],
      [await issued('trader', { token_use: 'id' }), 'TokenInvalid'],
      [await issued('trader', { exp: secondsAgo(1200) }), 'TokenExpired'],
    ];
    await healthTick(here.host.data, { sealNow: true }); // what known people were refused before
    const before = await accessLogSize(here);

    await changesNothing(here, BTC, async () => {
      for (const path of [LAUNCH, stopPath(BTC), killPath(BTC)])
        for (const [token, code] of strangers)
          isRefusal(await here.ask(path, { body, ...(token !== undefined && { token }) }), code, 401);
    });
    assert.deepEqual(await refusalsSince(here, before), []);
  });

  it('refuses a token without the scope for what is asked', async () => {
    const token = await here.tokenOf.issued('trader', { scope: 'control-plane/read' });

    await changesNothing(here, BTC, async () => {
      for (const path of [LAUNCH, stopPath(BTC), killPath(BTC)])
        isRefusal(await here.ask(path, { body, token }), 'NotPermitted', 403);
    });
  });

  it('refuses somebody of the wrong role, and notes who tried what', async () => {
    const attempts = [
      ['risk', LAUNCH],
      ['quant', stopPath(BTC)],
      ['auditor', killPath(BTC)],
      ['risk', `/v1/strategies/${BTC}/settlements`],
    ] as const;
    for (const [as, path] of attempts)
      await changesNothing(here, BTC, () =>
        isNoted(here, as, 'WrongRole', async () => {
          const { next } = isRefusal(await here.ask(path, { as, body }), 'WrongRole', 403);
          assert.match(next, /ask somebody/);
        }),
      );
    cliRefused(await here.cli('kill', '--strategy', BTC, '--as', 'auditor'), 'WrongRole', 12);
  });

  it('refuses methods and routes that are not there', async () => {
    for (const [method, path] of [
      ['GET', LAUNCH],
      ['DELETE', `/v1/strategies/${BTC}`],
      ['PUT', killPath(BTC)],
      ['POST', '/v1/nothing'],
      ['GET', '/'],
    ] as const)
      isRefusal(await here.ask(path, { as: 'trader', method }), 'NotFound', 404);
    isRefusal(await here.ask('/v1/runs/nothing', { as: 'trader', method: 'GET' }), 'UnknownRun', 404);
    isRefusal(await here.ask('/v1/ledger/nothing', { as: 'trader', method: 'GET' }), 'UnknownLog', 404);
    isRefusal(await here.ask('/v1/approvals/nothing', { as: 'trader', method: 'GET' }), 'UnknownApproval', 404);
  });

  it('gives the same reply to the same key and body, and refuses another body under it', async () => {
    const options = { as: 'trader', key: 'the-same-key', body } as const;
    const first = await launch(options);
    await here.question(String(first.body['runId']), 'launch-confirmation');

    const [again, other] = await changesNothing(
      here,
      BTC,
      async () => [await launch(options), await launch({ ...options, body: { ...body, ticket: 'OPS-2' } })] as const,
    );

    assert.deepEqual([again.status, again.body], [202, first.body]);
    isRefusal(other, 'IdempotencyKeyReused', 409);
  });

  it('refuses a launch while one is under way, and names who holds the lock', async () => {
    const result = await changesNothing(here, BTC, () =>
      here.cli('deploy', '--env', 'prod', '--strategy', BTC, '--as', 'trader2'),
    );

    cliRefused(result, 'DeploymentLocked', 10);
    assert.match(result.words, /is locked by launch-btc-momentum-/);
  });

  it('refuses a launch that the lock has not reached yet as well', async () => {
    const runId = await startLaunch(here, EUR);

    const { body: problem, status } = await here.ask(launchPath(EUR), { as: 'trader2', body });

    assert.ok(['StrategyNotOff 409', 'DeploymentLocked 423'].includes(`${problem['code']} ${status}`));
    await here.accepted(stopPath(EUR), { as: 'sre' });
    assert.equal((await here.ended(runId)).status, 'FAILED');
  });

  it('refuses a second signature of the same person, of a wrong role, over another digest, or with an old second factor', {
    skip: !isDeep && DEEP,
  }, async () => {
    const stopped = await here.accepted(stopPath(BTC), { as: 'trader' });
    await here.ended(stopped);
    const plan = await here.question(await launchedUntil(here, BTC, 'the second confirmation'), 'launch-confirmation');
    const path = `/v1/approvals/${plan.id}/signatures`;
    const yes = { decision: 'approve', digest: plan.digest };
    const other = `sha256:${'1'.repeat(64)}`;
    const old = await here.tokenOf.issued('risk', { auth_time: secondsAgo(301) });
    const without = await here.tokenOf.issued('risk', { acr: 'urn:cognito:loa:1' });
    const attempts: readonly [
      as: 'trader' | 'trader2' | 'risk' | 'quant',
      options: Ask,
      code: string,
      status: number,
    ][] = [
      ['trader', { body: yes }, 'SamePerson', 409],
      ['trader2', { body: yes }, 'AlreadyDecided', 409],
      ['quant', { body: yes }, 'WrongRole', 403],
      ['risk', { body: { ...yes, digest: `sha256:${'0'.repeat(64)}` } }, 'DigestMismatch', 409],
      ['risk', { body: yes }, 'SignatureMissing', 403],
      [
        'risk',
        { body: { ...yes, assertion: await here.assertion('trader', plan.digest) } },
        'CredentialOfAnother',
        403,
      ],
      ['risk', { body: { ...yes, assertion: await here.assertion('risk', other) } }, 'WrongChallenge', 409],
      ['risk', { body: { ...yes, assertion: { id: 'x' } } }, 'InvalidRequest', 400],
      ['risk', { body: yes, token: old }, 'SecondFactorStale', 403],
      ['risk', { body: yes, token: without }, 'SecondFactorMissing', 403],
    ];
    for (const [as, options, code, status] of attempts)
      await changesNothing(here, BTC, () =>
        isNoted(here, as, code, async () => void isRefusal(await here.ask(path, { as, ...options }), code, status)),
      );
    cliRefused(await here.cli('approve', plan.id, '--as', 'trader', '--yes'), 'SamePerson', 12);
  });

  it('leaves ledgers that are whole and give nothing away, the access log among them', async () => {
    await ledgersAreWhole(here, [BTC, EUR, 'access']);
    await nothingIsGivenAway(here, [BTC, EUR, 'access']);
  });
});
