import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RunId } from '../../../domain/ids.ts';
import { deployArtifact } from '../../../domain/launch/deploy-artifact.ts';
import { lockDeployment } from '../../../domain/launch/lock-deployment.ts';
import { validateParameters } from '../../../domain/launch/validate-parameters.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Registration } from '../../../domain/registration.ts';
import type { Launching } from '../../fakes/launch-steps.ts';
import { ARTIFACT, launching, REGISTRATION, STRATEGY, stateOf } from '../../fakes/world.ts';

const OLD = digestOf('an old artifact');
const EIGHT = Array.from({ length: 8 }, (_, index) => ({
  instanceId: `btc-momentum-${index + 1}`,
  controlUrl: `http://127.0.0.1:1/btc-momentum-${index + 1}`,
  clientId: `client-btc-momentum-${index + 1}`,
}));

describe('deployArtifact, to eight engine instances,', () => {
  let made: Launching;
  const registered = (changes: Partial<Registration> = {}) =>
    made.store.records.set(`REGISTRATION#${STRATEGY}`, {
      kind: 'REGISTRATION',
      record: { ...REGISTRATION, engines: EIGHT, ...changes },
    });
  const deploy = () => deployArtifact(made.step, made.ports);
  const refused = async (step: () => Promise<unknown> = deploy): Promise<Refusal> => {
    const outcome = await step().catch((error: unknown) => error);
    assert.ok(outcome instanceof Refusal, String(outcome));
    return outcome;
  };
  const noes = ({ facts }: Refusal) =>
    (facts['findings'] as { check: string; verdict: string }[])
      .filter(({ verdict }) => verdict === 'no-go')
      .map(({ check }) => check);
  const lastEntry = (): { type: string; payload: Record<string, unknown> } =>
    JSON.parse(made.store.logs.get(STRATEGY)?.at(-1)?.text ?? '{}');
  const log = async () => {
    const [key = ''] = (await made.evidence.list('reports/live/')).filter((each) => each.endsWith('/deploy.log'));
    return Buffer.from((await made.evidence.read(key))?.bytes ?? '').toString('utf8');
  };

  beforeEach(async () => {
    made = await launching();
    registered();
    await lockDeployment(made.step, made.ports);
  });

  it('names the ticket of the manifest in the run, where the launch was asked for without one', async () => {
    const run = await made.store.get('RUN', made.step.runId);
    assert.ok(run);
    const { ticket: _asked, ...without } = run;
    await made.store.put({ kind: 'RUN', record: without });

    await deploy();

    assert.equal(
      (await made.store.get('RUN', made.step.runId))?.ticket,
      made.store.strategies.get(STRATEGY)?.run?.ticket,
    );
    assert.ok(made.store.strategies.get(STRATEGY)?.run?.ticket);
  });

  it('goes on when all of them attest what was approved, and records the digests of each', async () => {
    const { summary, verdict } = await deploy();

    const { type, payload } = lastEntry();
    assert.deepEqual([summary, verdict, type], [`8 of 8 instances attest ${ARTIFACT}`, 'go', 'deployment.attested']);
    const instances = payload['instances'] as Record<string, unknown>[];
    assert.deepEqual(
      instances.map(({ instanceId, artifactDigest }) => [instanceId, artifactDigest]),
      EIGHT.map(({ instanceId }) => [instanceId, ARTIFACT]),
    );
    assert.match(String(instances[0]?.['configurationDigest']), /^sha256:/);
    assert.deepEqual(
      [stateOf(made).artifactDigest, (await validateParameters(made.step, made.ports)).verdict],
      [ARTIFACT, 'go'],
    );
  });

  it('is a no-go that names the one that stayed stale, and shows what the others said', async () => {
    made.engines.attestedBy.set('btc-momentum-5', { artifactDigest: OLD });

    const refusal = await refused();

    assert.deepEqual([refusal.code, noes(refusal)], ['ArtifactNotAttested', ['btc-momentum-5.artifactDigest']]);
    assert.equal((lastEntry().payload['gate'] as { findings: unknown[] }).findings.length, 8 * 5, 'all of them');
    assert.deepEqual([stateOf(made).artifactDigest, lastEntry().type], [undefined, 'deployment.refused']);
    const lines = (await log()).split('\n');
    assert.equal(lines.filter((line) => line.includes('✓ btc-momentum-')).length, 7);
    assert.match(
      lines.find((line) => line.includes('✖')) ?? '',
      new RegExp(`btc-momentum-5 attested in 0 ms: artifact ${OLD}`),
    );
    assert.match(
      lines.at(-3) ?? '',
      new RegExp(`no-go: btc-momentum-5.artifactDigest is ${OLD}, expected ${ARTIFACT}`),
    );
  });

  it('is told in so few words that the cause of a failed state holds them, however many instances are stale', async () => {
    const engines = Array.from({ length: 50 }, (_, index) => ({
      ...EIGHT[0],
      instanceId: `btc-momentum-${index + 1}`,
    }));
    registered({ engines } as never);
    for (const { instanceId } of engines)
      made.engines.attestedBy.set(instanceId, { artifactDigest: OLD, limitsDigest: OLD });

    const { message, facts } = await refused();

    const told = JSON.stringify(JSON.stringify({ message, facts }));
    assert.ok(told.length < 32_768, `${told.length} characters`);
    assert.equal((lastEntry().payload['gate'] as { findings: unknown[] }).findings.length, 50 * 5, 'all are recorded');
  });

  it('is a no-go that names one with nothing loaded', async () => {
    made.engines.attestedBy.set('btc-momentum-2', { artifactDigest: null, limitsDigest: null, parametersDigest: null });

    const refusal = await refused();

    assert.match(refusal.message, /btc-momentum-2\.artifactDigest is no attestation/);
    assert.match(await log(), /✖ btc-momentum-2 attested in 0 ms: artifact none, limits none, parameters none/);
  });

  it('names an instance that does not answer, with the others still recorded', async () => {
    made.engines.unreachable.add('btc-momentum-3');

    const refusal = await refused();

    assert.deepEqual([refusal.code, noes(refusal)], ['EngineUnreachable', ['btc-momentum-3.answer']]);
    const instances = lastEntry().payload['instances'] as Record<string, unknown>[];
    assert.deepEqual(
      [instances.length, instances[2]?.['code'], instances[7]?.['artifactDigest']],
      [8, 'EngineUnreachable', ARTIFACT],
    );
    assert.match(await log(), /✖ btc-momentum-3 EngineUnreachable after 0 ms: btc-momentum-3 did not answer/);
    assert.deepEqual(
      [noes(await refused(() => validateParameters(made.step, made.ports)))],
      [['btc-momentum-3.answer']],
    );
  });

  it('keeps what an engine says on its own line of the log', async () => {
    made.engines.deploy = () =>
      Promise.reject(new Refusal('EngineRefused', 'no\n2026-11-24T12:00:00.000Z  go: all is well', 'look'));

    await refused();

    const text = await log();
    assert.match(text, /EngineRefused after 0 ms: no 2026-11-24T12:00:00.000Z {2}go: all is well\n/);
    assert.doesNotMatch(text, /^2026-11-24T12:00:00.000Z {2}go/m);
  });

  it('fails as a fault, with nothing recorded, for what is no answer of an engine', async () => {
    made.engines.deploy = () => Promise.reject(new TypeError('a bug'));

    await assert.rejects(deploy(), { message: 'a bug' });

    assert.equal(lastEntry().type, 'orchestrator.lock');
  });

  const configuration = (version: string, venue = { venue: 'XSIM', kind: 'live' as 'live' | 'paper' }) => {
    const document = { engine: 'a-fake', version, venues: [venue] };
    return { configuration: document, configurationDigest: digestOf(document) };
  };

  it('is a no-go that names the one of another version, until that one is registered as expected: then all the others', async () => {
    made.engines.attestedBy.set('btc-momentum-8', configuration('0.9.0'));

    const oddOne = await refused();
    made = await launching();
    registered({ policy: { ...REGISTRATION.policy, engineConfiguration: configuration('0.9.0').configurationDigest } });
    made.engines.attestedBy.set('btc-momentum-8', configuration('0.9.0'));
    await lockDeployment(made.step, made.ports);
    const others = await refused();

    assert.deepEqual([oddOne.code, noes(oddOne)], ['ConfigurationMismatch', ['btc-momentum-8.configurationDigest']]);
    assert.deepEqual(
      noes(others),
      EIGHT.slice(0, 7).map(({ instanceId }) => `${instanceId}.configurationDigest`),
    );
    assert.match(await log(), /btc-momentum-8 attested .* \(a-fake 0\.9\.0\)/);
  });

  it('is a no-go for all of them where four differ from four: nobody can say which are right', async () => {
    for (const { instanceId } of EIGHT.slice(4)) made.engines.attestedBy.set(instanceId, configuration('0.9.0'));

    const refusal = await refused();

    assert.equal(noes(refusal).length, 8);
    assert.match(refusal.message, /expected the same on all instances; they do not agree/);
  });

  it('is a no-go for an instance whose configuration is not what its digest says', async () => {
    made.engines.attestedBy.set('btc-momentum-1', { configuration: configuration('0.9.0').configuration });

    assert.match(
      (await refused()).message,
      /btc-momentum-1\.configurationDigest is sha256:\w+, and what it says of itself hashes to sha256:\w+/,
    );
  });

  it('is a no-go for an instance that trades somewhere else than at the registered venues, or with another kind of account', async () => {
    for (const [instanceId, venue] of [
      ['btc-momentum-1', { venue: 'XOTHER', kind: 'live' as const }],
      ['btc-momentum-2', { venue: 'XSIM', kind: 'paper' as const }],
    ] as const)
      made.engines.attestedBy.set(instanceId, configuration('1.0.0', venue));

    const refusal = await refused();

    assert.deepEqual(
      noes(refusal),
      ['btc-momentum-1', 'btc-momentum-2'].flatMap((id) => [`${id}.configurationDigest`, `${id}.venues`]),
    );
  });

  it('is a no-go afterwards for an instance that does not say how it is set up any more', async () => {
    await deploy();
    made.engines.attestedBy.set('btc-momentum-6', { configurationDigest: undefined as never });

    const refusal = await refused(() => validateParameters(made.step, made.ports));

    assert.match(refusal.message, /btc-momentum-6\.configurationDigest is no attestation/);
  });

  it('is repeated without a second entry, and refused again when it was refused', async () => {
    made.engines.attestedBy.set('btc-momentum-5', { artifactDigest: OLD });
    await refused();
    const story = made.store.storyOf(STRATEGY);

    assert.equal((await refused()).code, 'ArtifactNotAttested');

    assert.deepEqual(made.store.storyOf(STRATEGY), story);
  });

  it('loads nothing for a run that is over', async () => {
    const step = { ...made.step, runId: RunId.parse('launch-by-hand') };

    await assert.rejects(deployArtifact(step, made.ports), { name: 'NoIntent' });

    assert.deepEqual(made.engines.calls, []);
  });
});
