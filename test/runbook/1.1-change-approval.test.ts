import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { digestOf } from '../../domain/ledger/digest.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { resigned, strangersKey } from './evidence.ts';
import { answer, isWithdrawn, launchedUntil, noes, startLaunch } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { cliRefused, isRefusal } from './refused.ts';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const EXPIRED = { issuedAt: daysAgo(2), expiresAt: daysAgo(1) };
const DEPLOY = ['deploy', '--env', 'prod', '--strategy', BTC, '--as', 'trader'] as const;
const MANIFESTS = `/v1/strategies/${BTC}/manifests`;
const seed = (name: string) => `local/seed/demo/${name}`;

describe('runbook 1.1: the change is approved', { skip: !isDeep && DEEP }, () => {
  const here = onALocalHost();
  const manifest = () => here.evidence.manifestKey(BTC);

  /** A launch of btc-momentum while an object of the evidence bucket is something else; answers why it was withdrawn. */
  const withdrawnUnder = (key: string, change: (text: string) => string | undefined, code: string) =>
    here.evidence.tampered(key, change, async () => isWithdrawn(here, await startLaunch(here, BTC), BTC, code));
  const withdrawnWith = async (changes: Parameters<typeof here.evidence.signedManifest>[1], code: string) => {
    const text = await here.evidence.signedManifest(BTC, changes);
    return withdrawnUnder(manifest(), () => text, code);
  };

  it('the signed strategy manifest has to be present in reports/change_manifest/', async () => {
    const failure = await withdrawnUnder(manifest(), () => undefined, 'ManifestMissing');

    assert.match(String(failure?.message), /reports\/change_manifest\/btc-momentum/);
    assert.match(String(failure?.['next']), /then launch again/);
  });

  it('a manifest without a signature is no approval', async () => {
    await withdrawnUnder(manifest(), (text) => resigned(text, []), 'ManifestUnsigned');
  });

  it('a manifest that was changed after it was signed is no approval, and says so before anything is loaded', async () => {
    const other = await here.evidence.signedManifest(BTC, { ticket: 'DEMO-other' });
    const keptSignatures = (text: string) => resigned(other, JSON.parse(text).signatures);

    await withdrawnUnder(manifest(), keptSignatures, 'ManifestTampered');

    const { lock, epoch } = await here.view(BTC);
    assert.deepEqual([lock, epoch, (await here.eyes[BTC].engine())['artifactDigest']], [null, 0, null]);
  });

  it('a manifest of a key that nobody trusts is no approval', async () => {
    const foreign = await here.evidence.signedManifest(BTC, {}, strangersKey());

    const failure = await withdrawnUnder(manifest(), () => foreign, 'ManifestTampered');

    assert.match(String(failure?.message), /a signature of none of the 1 trusted keys/);
  });

  it('five megabytes are no manifest, neither in the bucket nor at the entrance', async () => {
    const huge = ' '.repeat(5_000_000);

    const failure = await withdrawnUnder(manifest(), () => huge, 'ManifestTampered');
    const asked = await here.ask(MANIFESTS, { as: 'trader', raw: JSON.stringify({ payload: 'A'.repeat(5_000_000) }) });

    assert.match(String(failure?.message), /5000000 bytes, more than 65536/);
    isRefusal(asked, 'BodyTooLarge', 413);
  });

  it('the change is approved for this strategy and this environment, and for no other', async () => {
    const ofTheOther = await here.evidence.read(here.evidence.manifestKey(EUR));

    const failure = await withdrawnWith({ environment: 'staging' }, 'ManifestForeign');
    await withdrawnUnder(manifest(), () => ofTheOther, 'ManifestForeign');

    assert.deepEqual(noes(failure), ['change.environment', 'ticket.environment']);
  });

  it('the deployment ticket has to be there, and to be about this strategy', async () => {
    const missing = await withdrawnWith({ ticket: 'OPS-404' }, 'UnknownTicket');
    const other = await withdrawnWith({ ticket: `DEMO-${EUR}` }, 'TicketMismatch');
    const tracked = await withdrawnWith({ ticket: 'github:desk/strategies#1' }, 'TicketUnreadable');

    assert.match(String(missing?.message), /ticket\.there is there is no ticket OPS-404, expected a ticket OPS-404/);
    assert.deepEqual(noes(other), ['ticket.strategy']);
    assert.match(String(tracked?.message), /no token for GitHub could be read: none is configured/);
  });

  it('an approval that has expired ends the command with exit code 3', async () => {
    const expired = await here.evidence.signedManifest(BTC, EXPIRED);

    const result = await here.evidence.tampered(
      manifest(),
      () => expired,
      () => here.cli(...DEPLOY),
    );

    cliRefused(result, 'ManifestExpired', 3);
    assert.match(result.words, /change\.manifest-unexpired/);
  });

  it('another artifact than the approved one ends the command with exit code 3, and another ticket with 13', async () => {
    const artifact = await here.cli(...DEPLOY, '--artifact', `sha256:${'0'.repeat(64)}`);
    const ticket = await here.cli(...DEPLOY, '--ticket', 'OPS-0');

    cliRefused(artifact, 'ManifestForeign', 3);
    cliRefused(ticket, 'TicketMismatch', 13);
  });

  it('a change goes from ticket to manifest to launch: opened, approved by another person, signed, published', async () => {
    const file = (name: string) => join(here.host.data, name);
    const said = async (...args: string[]) => {
      const result = await here.cli(...args);
      assert.equal(result.code, 0, result.words);
    };
    const key = { id: 'demo', ...(await here.evidence.trustedKey()) };
    await writeFile(file('key.json'), JSON.stringify(key), { mode: 0o600 });
    const { subject, predicate } = await here.evidence.manifestOf(BTC);

    await said(
      'ticket',
      'open',
      '--title',
      'again',
      '--strategy',
      BTC,
      '--env',
      'prod',
      '--id',
      'OPS-12',
      '--as',
      'quant',
    );
    const create = [
      'manifest',
      'create',
      '--strategy',
      BTC,
      '--artifact',
      `sha256:${subject[0]?.digest.sha256}`,
      '--env',
      'prod',
    ];
    await said(
      ...[
        ...create,
        '--parameters',
        seed(`${BTC}.parameters.json`),
        '--limits',
        seed('limits.yaml'),
        '--ticket',
        'OPS-12',
      ],
      ...['--commit', predicate.commit, '--ci-run', 'a test', '--out', file('statement.json')],
    );
    await said('manifest', 'sign', file('statement.json'), '--key', file('key.json'), '--out', file('signed.json'));
    await said('manifest', 'publish', file('signed.json'), '--as', 'quant');
    const early = await isWithdrawn(here, await startLaunch(here, BTC), BTC, 'TicketNotApproved');
    assert.equal((await here.ask('/v1/tickets/OPS-12/approval', { as: 'sre', body: {} })).status, 200);
    const run = await launchedUntil(here, BTC, 'two confirmations');

    assert.deepEqual(noes(early), ['ticket.approved', 'ticket.second-person']);
    const { document } = await here.question(run, 'launch-confirmation');
    assert.match(JSON.stringify(document), /OPS-12/);
    const quant = await here.tokenOf.subjectOf('quant');
    const story = (await here.log(BTC)).entries.map(({ entry }) => [entry['type'], entry['actor']]);
    assert.ok(
      story.some(([type, actor]) => type === 'manifest.published' && actor === quant),
      JSON.stringify(story),
    );
  });

  it('a manifest that is published while a launch is under way ends it, whoever has signed by then', async () => {
    const [run] = (await here.approvals()).filter(({ status }) => status === 'open').map(({ runId }) => runId);
    assert.ok(run, 'the launch of the test before waits for its confirmations');
    const plan = await here.question(run, 'launch-confirmation');
    assert.equal((await answer(here, plan, 'trader')).status, 200);
    const other = { parametersDigest: digestOf('others'), issuedAt: new Date().toISOString() };
    const envelope = JSON.parse(await here.evidence.signedManifest(BTC, other));

    const { status, body } = await here.ask(MANIFESTS, { as: 'quant', body: envelope });
    assert.equal(status, 200, JSON.stringify(body));

    await answer(here, plan, 'risk');
    const { status: ended, failure } = await here.ended(run);
    assert.equal(ended, 'FAILED', JSON.stringify(failure));
    assert.equal((await here.modeIs(BTC, 'OFF'))['lock'], null);
  });

  it('the ledger of all this is whole, and gives nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
