import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CiAttestation } from '../../domain/launch/ci-attestation.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { resigned } from './evidence.ts';
import { isWithdrawn, noes, startLaunch } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused } from './refused.ts';

const OTHER_COMMIT = 'dead'.repeat(10);
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const DEPLOY = ['deploy', '--env', 'prod', '--strategy', BTC, '--as', 'trader'] as const;

const here = onALocalHost();

describe('runbook 1.2: CI is green for exactly this commit', { skip: !isDeep && DEEP }, () => {
  /** A launch while the attestation of the approved commit is something else; answers why it was withdrawn. */
  const withdrawnUnder = async (change: (text: string) => string | undefined | Promise<string>, code: string) => {
    const key = await here.evidence.ciKey(BTC);
    const text = await change(await here.evidence.read(key));
    return here.evidence.tampered(
      key,
      () => text,
      async () => isWithdrawn(here, await startLaunch(here, BTC), BTC, code),
    );
  };
  const told = (failure: Awaited<ReturnType<typeof withdrawnUnder>>) => String(failure?.message);

  it('needs the attestation of the commit that the manifest names', async () => {
    const failure = await withdrawnUnder(() => undefined, 'CiUnreadable');

    assert.match(told(failure), /there is no CI attestation at reports\/ci\/[0-9a-f]{40}\.dsse\.json/);
    assert.deepEqual(noes(failure), ['ci.readable']);
  });

  it('is satisfied by no check of another commit, nor of another artifact', async () => {
    const ofTheOther = await here.evidence.read(await here.evidence.ciKey(EUR));
    const commit = await withdrawnUnder(() => ofTheOther, 'CiUnreadable');
    const artifact = await withdrawnUnder(
      (text) => here.evidence.signedByCi(text, ({ subject }) => ({ subject: subject.slice(1) })),
      'CiUnreadable',
    );

    assert.match(told(commit), /it is not about commit [0-9a-f]{40}/);
    assert.match(told(artifact), /it is not about the artifact sha256:[0-9a-f]{64}/);
  });

  it('ends the command with exit code 13 when the manifest names a commit that nobody checked', async () => {
    const manifest = await here.evidence.signedManifest(BTC, { commit: OTHER_COMMIT });

    const result = await here.evidence.tampered(
      here.evidence.manifestKey(BTC),
      () => manifest,
      () => here.cli(...DEPLOY),
    );

    cliRefused(result, 'CiUnreadable', 13);
    assert.match(result.words, new RegExp(`reports/ci/${OTHER_COMMIT}`));
  });

  it('believes nobody but CI', async () => {
    const unsigned = await withdrawnUnder((text) => resigned(text, []), 'CiUnreadable');
    const byAPerson = await withdrawnUnder(
      async (text) => here.evidence.signedByCi(text, () => ({}), await here.evidence.trustedKey()),
      'CiUnreadable',
    );

    assert.match(told(unsigned), /it has no signature/);
    assert.match(told(byAPerson), /a signature of none of the 1 trusted keys/);
  });

  it('wants every required check to have succeeded, and says which has not', async () => {
    const without = ({ predicate }: CiAttestation, name: string) => ({
      predicate: { ...predicate, checks: predicate.checks.filter((each) => each.name !== name) },
    });
    const missing = await withdrawnUnder(
      (text) => here.evidence.signedByCi(text, (from) => without(from, 'heavy-math')),
      'CiMissing',
    );
    const failed = await withdrawnUnder(
      (text) =>
        here.evidence.signedByCi(text, ({ predicate }) => ({
          predicate: { ...predicate, checks: predicate.checks.map((each) => ({ ...each, conclusion: 'failure' })) },
        })),
      'CiNotGreen',
    );

    assert.deepEqual(noes(missing), ['ci.heavy-math']);
    assert.deepEqual(noes(failed), ['ci.build', 'ci.heavy-math', 'ci.cross-architecture']);
  });

  it('wants it lately enough', async () => {
    const old = { completedAt: '2020-01-01T00:00:00.000Z' };
    const failure = await withdrawnUnder(
      (text) =>
        here.evidence.signedByCi(text, ({ predicate }) => ({
          predicate: { ...predicate, checks: predicate.checks.map((each) => ({ ...each, ...old })) },
        })),
      'CiStale',
    );

    assert.match(
      told(failure),
      /ci\.build is success at 2020-01-01T00:00:00\.000Z, expected success of build for commit/,
    );
  });
});

describe('runbook 1: the gates together', { skip: !isDeep && DEEP }, () => {
  const manifest = () => here.evidence.manifestKey(BTC);

  /** A launch of btc-momentum while an object of the evidence bucket is something else; answers why it was withdrawn. */
  const withdrawnUnder = (key: string, change: (text: string) => string | undefined, code: string) =>
    here.evidence.tampered(key, change, async () => isWithdrawn(here, await startLaunch(here, BTC), BTC, code));

  it('1.4: limits that cannot be read are no limits', async () => {
    for (const unreadable of [undefined, '', 'version: [', 'version: 1\nstrategies: {}\nextra: 1\n'])
      await withdrawnUnder(here.evidence.limitsKey, () => unreadable, 'RiskEnvelopeMismatch');
  });

  it('2.3: parameters that nobody approved are not deployed, and the lock is released again', async () => {
    const edited = (text: string) => text.replace('"orderQuantity": 0.05', '"orderQuantity": 0.5');

    const failure = await withdrawnUnder(here.evidence.parametersKey(BTC), edited, 'ParametersNotApproved');

    assert.match(String(failure?.message), /parameters\.json is not what the manifest approved/);
    assert.equal((await here.eyes[BTC].engine())['parametersDigest'], null);
  });

  it('every finding is told, not only the first', async () => {
    const wrong = await here.evidence.signedManifest(BTC, {
      environment: 'staging',
      issuedAt: daysAgo(2),
      expiresAt: daysAgo(1),
    });
    const raised = (text: string) => text.replace('leverageCap: 2', 'leverageCap: 3');

    const failure = await here.evidence.tampered(here.evidence.limitsKey, raised, () =>
      withdrawnUnder(manifest(), () => wrong, 'ManifestExpired'),
    );

    const noes = (failure?.findings ?? []).filter(({ verdict }) => verdict === 'no-go').map(({ check }) => check);
    assert.deepEqual(noes.toSorted(), [
      ...['change.environment', 'change.manifest-unexpired', 'risk.limits-approved', 'ticket.environment'],
    ]);
  });

  it('the ledger of all this is whole, and gives nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
