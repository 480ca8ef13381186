import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEEP, isDeep } from '../is-deep.ts';
import { EIGHT, onEightEngines } from './eight-engines.ts';
import { answer, isWithdrawn, launchedUntil, noes, startLaunch } from './launching.ts';
import { BTC } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';

const STALE = 'btc-momentum-5';

describe('runbook 2.2: the approved artifact on eight engine instances', { skip: !isDeep && DEEP }, () => {
  const here = onEightEngines();
  const entryOf = async (run: string, type: string) =>
    Object(
      (await here.log(BTC)).entries
        .map(({ entry }) => entry)
        .find((each) => each['type'] === type && each['run'] === run),
    );
  const deployLog = async ({ payload }: { payload: { log: { key: string } } }) => here.evidence.read(payload.log.key);

  it('is a no-go that names an instance on which nothing was loaded', async () => {
    await here.fault('stale', true, STALE);

    const failure = await isWithdrawn(here, await startLaunch(here, BTC), BTC, 'ArtifactNotAttested');

    assert.deepEqual(
      noes(failure),
      ['artifactDigest', 'limitsDigest', 'parametersDigest'].map((what) => `${STALE}.${what}`),
    );
    await here.fault('stale', false);
  });

  it('is attested by all eight, each on a line of deploy.log with its times and digests', async () => {
    const run = await launchedUntil(here, BTC, 'two confirmations');
    const plan = await here.question(run, 'launch-confirmation');

    const entry = await entryOf(run, 'deployment.attested');

    const approved = entry.payload.artifactDigest;
    assert.deepEqual(
      entry.payload.instances.map(({ instanceId, artifactDigest }: Record<string, string>) => [
        instanceId,
        artifactDigest,
      ]),
      EIGHT.map((id) => [id, approved]),
    );
    const [{ configurationDigest }] = entry.payload.instances;
    assert.ok(
      entry.payload.instances.every(
        (each: Record<string, string>) => each['configurationDigest'] === configurationDigest,
      ),
    );
    const log = await deployLog(entry);
    for (const id of EIGHT)
      assert.match(
        log,
        new RegExp(
          `^\\d{4}-.*Z  ✓ ${id} attested in \\d+ ms: artifact ${approved}, limits sha256:.*, configuration ${configurationDigest}`,
          'm',
        ),
      );
    assert.match(
      entry.payload.log.key,
      new RegExp(`^reports/live/\\d{4}-\\d\\d-\\d\\d/btc-momentum/${run}/deploy\\.log$`),
    );
    assert.equal((await answer(here, plan, 'risk', 'decline')).status, 200);
    await isWithdrawn(here, run, BTC, 'ApprovalDeclined');
  });

  it('is a no-go that names the one instance which a later deployment went past, and says what the other seven run', async () => {
    await here.evidence.approve(BTC, { restingOrders: 3 });
    await here.fault('stale', true, STALE);

    const run = await startLaunch(here, BTC);
    const failure = await isWithdrawn(here, run, BTC, 'ParametersNotApproved');

    assert.deepEqual(noes(failure), [`${STALE}.parametersDigest`]);
    assert.match(String(failure?.message), new RegExp(`${STALE}\\.parametersDigest is sha256:`));
    const entry = await entryOf(run, 'deployment.refused');
    const parameters: string[] = entry.payload.instances.map(
      (each: Record<string, string>) => each['parametersDigest'],
    );
    assert.deepEqual([new Set(parameters).size, parameters.filter((each) => each === parameters[4]).length], [2, 1]);
    const log = await deployLog(entry);
    assert.equal(log.split('\n').filter((line) => line.includes('✓ btc-momentum-')).length, 7);
    assert.match(log, new RegExp(`✖ ${STALE} attested in`));
    assert.match(log, new RegExp(`no-go: ${STALE}\\.parametersDigest is ${parameters[4]}, expected ${parameters[0]}`));
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here);
    await nothingIsGivenAway(here);
  });
});
