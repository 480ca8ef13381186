import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resigned, strangersKey } from './evidence.ts';
import { isWithdrawn, startLaunch } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused } from './refused.ts';

const yesterday = () => new Date(Date.now() - 86_400_000).toISOString();
const DEPLOY = ['deploy', '--env', 'prod', '--strategy', BTC, '--as', 'trader'] as const;

describe('runbook 1: before a launch', () => {
  const here = onALocalHost();
  const manifest = () => here.evidence.manifestKey(BTC);

  /** A launch of btc-momentum while an object of the evidence bucket is something else; answers why it was withdrawn. */
  const withdrawnUnder = (key: string, change: (text: string) => string | undefined, code: string) =>
    here.evidence.tampered(key, change, async () => isWithdrawn(here, await startLaunch(here, BTC), BTC, code));

  it('1.1: the signed strategy manifest has to be present in reports/change_manifest/', async () => {
    const failure = await withdrawnUnder(manifest(), () => undefined, 'ManifestMissing');

    assert.match(String(failure?.message), /reports\/change_manifest\/btc-momentum/);
    assert.match(String(failure?.['next']), /then launch again/);
  });

  it('1.1: a manifest without a signature is no approval', async () => {
    await withdrawnUnder(manifest(), (text) => resigned(text, []), 'ManifestUnsigned');
  });

  it('1.1: a manifest that was changed after it was signed is no approval, and says so before anything is loaded', async () => {
    const other = await here.evidence.signedManifest(BTC, { ticket: 'DEMO-other' });
    const keptSignatures = (text: string) => resigned(other, JSON.parse(text).signatures);

    await withdrawnUnder(manifest(), keptSignatures, 'ManifestTampered');

    const { lock, epoch } = await here.view(BTC);
    assert.deepEqual([lock, epoch, (await here.eyes[BTC].engine())['artifactDigest']], [null, 0, null]);
  });

  it('1.1: a manifest of a key that nobody trusts is no approval', async () => {
    const foreign = await here.evidence.signedManifest(BTC, {}, strangersKey());

    await withdrawnUnder(manifest(), () => foreign, 'ManifestTampered');
  });

  it('1.1: the deployment ticket is approved for this strategy and this environment, and for no other', async () => {
    const staging = await here.evidence.signedManifest(BTC, { environment: 'staging' });
    const ofTheOther = await here.evidence.read(here.evidence.manifestKey(EUR));

    await withdrawnUnder(manifest(), () => staging, 'ManifestForeign');
    await withdrawnUnder(manifest(), () => ofTheOther, 'ManifestForeign');
  });

  it('1.1: an approval that has expired ends the command with exit code 3', async () => {
    const expired = await here.evidence.signedManifest(BTC, { expiresAt: yesterday() });

    const result = await here.evidence.tampered(
      manifest(),
      () => expired,
      () => here.cli(...DEPLOY),
    );

    cliRefused(result, 'ManifestExpired', 3);
    assert.match(result.words, /change\.manifest-unexpired/);
  });

  it('1.1: another artifact than the approved one ends the command with exit code 3, and another ticket with 13', async () => {
    const artifact = await here.cli(...DEPLOY, '--artifact', `sha256:${'0'.repeat(64)}`);
    const ticket = await here.cli(...DEPLOY, '--ticket', 'OPS-0');

    cliRefused(artifact, 'ManifestForeign', 3);
    cliRefused(ticket, 'TicketMismatch', 13);
  });

  it('1.4: guardrails in configs/risk/limits.yaml reflect the approved exposure', async () => {
    const raised = (text: string) => text.replace('maxNotional: 100000', 'maxNotional: 900000');

    const result = await here.evidence.tampered(here.evidence.limitsKey, raised, () => here.cli(...DEPLOY));

    cliRefused(result, 'RiskEnvelopeMismatch', 13);
    assert.match(result.words, /risk\.limits-approved: expected sha256:[0-9a-f]{64}, found sha256:[0-9a-f]{64}/);
  });

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
    const wrong = await here.evidence.signedManifest(BTC, { environment: 'staging', expiresAt: yesterday() });
    const raised = (text: string) => text.replace('leverageCap: 2', 'leverageCap: 20');

    const failure = await here.evidence.tampered(here.evidence.limitsKey, raised, () =>
      withdrawnUnder(manifest(), () => wrong, 'ManifestExpired'),
    );

    const noes = (failure?.findings ?? []).filter(({ verdict }) => verdict === 'no-go').map(({ check }) => check);
    assert.deepEqual(noes.toSorted(), ['change.environment', 'change.manifest-unexpired', 'risk.limits-approved']);
  });

  it('the ledger of all this is whole, and gives nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
