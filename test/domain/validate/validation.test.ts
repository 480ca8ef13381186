import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { followExecution } from '../../../domain/follow-execution.ts';
import { RunId } from '../../../domain/ids.ts';
import { runSmokeValidation } from '../../../domain/launch/run-smoke-validation.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { lastGoodSmokeId } from '../../../domain/smoke/last-good-smoke.ts';
import { SmokeDocument } from '../../../domain/smoke/smoke-document.ts';
import { openValidation } from '../../../domain/validate/open-validation.ts';
import { recordValidation } from '../../../domain/validate/record-validation.ts';
import { requestValidation, ValidationRequest } from '../../../domain/validate/request-validation.ts';
import { runSmoke } from '../../../domain/validate/run-smoke.ts';
import { launching, person, REGISTRATION, RUN, STRATEGY, stateOf, type World, world } from '../../fakes/world.ts';

const VALIDATION = RunId.parse('validate-btc-momentum-20261124-0123456789ab');
const step = { strategyId: STRATEGY, runId: VALIDATION, epoch: 0 };

/** Records the intent as the API does. */
async function requested(made: World, request: object = {}, runId = VALIDATION) {
  const state = stateOf(made);
  const decision = requestValidation(state, {
    caller: person('quant', 'quant'),
    runId,
    request: ValidationRequest.parse({ environment: 'prod', ...request }),
    registration: REGISTRATION,
    now: made.clock.now,
  });
  if (decision instanceof Refusal) throw decision;
  await made.store.commit(state, decision, made.clock.now);
  return decision.reply;
}

const smokeOf = async (made: World): Promise<SmokeDocument> => {
  const [key = ''] = (await made.evidence.list('reports/live/')).filter((each) => each.endsWith('/smoke.json'));
  return SmokeDocument.parse(JSON.parse(Buffer.from((await made.evidence.read(key))?.bytes ?? '').toString('utf8')));
};

describe('a validation', () => {
  let made: World;
  beforeEach(() => {
    made = world();
  });
  const validated = async (request: object = {}) => {
    await requested(made, request);
    await openValidation(step, made.ports);
    await runSmoke(step, made.ports);
    return recordValidation(step, made.ports);
  };

  it('replays on every instance, archives the report, records it, and changes nothing of the strategy', async () => {
    const before = stateOf(made);

    const { verdict, summary } = await validated();

    assert.deepEqual([verdict, made.engines.calls], ['go', ['smoke btc-momentum-1', 'smoke btc-momentum-2']]);
    assert.match(summary, /^smoke passed: 2 of 2 instances/);
    assert.deepEqual(made.store.storyOf(STRATEGY), ['validation.requested', 'smoke.passed']);
    const { ledgerSize: _size, ledgerRange: _range, version: _version, ...state } = stateOf(made);
    assert.deepEqual({ ...before, ...state }, before);
    assert.equal((await made.store.get('RUN', VALIDATION))?.summary, summary);
  });

  it('is what the next replay of the same length is shown beside, and no other', async () => {
    await validated();
    const last = await made.store.get('SMOKE', lastGoodSmokeId(STRATEGY, 15));
    assert.deepEqual([last?.run, last?.instances.length], [VALIDATION, 2]);
    assert.equal(await made.store.get('SMOKE', lastGoodSmokeId(STRATEGY, 30)), undefined);
    const next = await launching();
    for (const [key, record] of made.store.records) if (key.startsWith('SMOKE#')) next.store.records.set(key, record);
    next.engines.smokeOrders = 7;

    await runSmokeValidation(next.step, next.ports);

    const { lastGood, instances } = await smokeOf(next);
    const orders = instances[0]?.bands.find(({ band }) => band === 'orders');
    assert.deepEqual([lastGood?.run, orders?.lastGood, orders?.difference], [VALIDATION, 5, 2]);
    assert.equal((await next.store.get('SMOKE', lastGoodSmokeId(STRATEGY, 15)))?.run, RUN);
  });

  it('fails with every finding when an order leaves its band, is recorded all the same, and is no good run', async () => {
    made.engines.smokeSays = { rejects: 3 };

    await assert.rejects(validated(), (refusal: Refusal) => {
      const findings = refusal.facts['findings'] as { verdict: string }[];
      return (
        refusal.code === 'SmokeOutOfTolerance' && findings.filter(({ verdict }) => verdict === 'no-go').length === 2
      );
    });

    assert.deepEqual(made.store.storyOf(STRATEGY), ['validation.requested', 'smoke.failed']);
    assert.equal(await made.store.get('SMOKE', lastGoodSmokeId(STRATEGY, 15)), undefined);
  });

  it('is inconclusive when an instance does not answer, and says so', async () => {
    made.engines.unreachable.add('btc-momentum-2');

    await assert.rejects(validated(), { name: 'EngineUnreachable' });

    assert.equal((await smokeOf(made)).verdict, 'inconclusive');
  });

  it('replays as many minutes as were asked for', async () => {
    made.engines.smokeSays = { bars: 30, window: { from: '2026-11-24T11:30:00.000Z', to: '2026-11-24T12:00:00.000Z' } };

    await validated({ windowMinutes: 30 });

    assert.equal((await smokeOf(made)).windowMinutes, 30);
  });

  it('asks no engine a second time when a step is tried again, and decides the same', async () => {
    await validated();
    made.engines.smokeSays = { rejects: 3 };

    const again = await runSmoke(step, made.ports);

    assert.deepEqual([again.verdict, made.engines.calls.length], ['go', 2]);
    assert.equal((await recordValidation(step, made.ports)).verdict, 'go');
    assert.equal(made.store.storyOf(STRATEGY).length, 2);
  });

  it('has replayed nothing when its report is not there', async () => {
    await requested(made);

    await assert.rejects(recordValidation(step, made.ports), { name: 'SmokeInconclusive' });
  });

  it('is asked of the engines at the epoch of now, so that a kill or a stop between its steps fences nothing by it', async () => {
    await requested(made);
    made.store.strategies.set(STRATEGY, { ...stateOf(made), epoch: 4 });
    const epochs: number[] = [];
    const smoke = made.engines.smoke.bind(made.engines);
    made.engines.smoke = (instance, ...rest: unknown[]) => {
      epochs.push((rest[0] as { epoch: number }).epoch);
      return smoke(instance);
    };

    await runSmoke(step, made.ports);

    assert.deepEqual(epochs, [4, 4]);
  });

  for (const mode of Mode.options.filter((each) => each !== 'KILLED' && each !== 'STOPPING')) {
    it(`is taken while the strategy is ${mode}`, async () => {
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode });

      assert.equal((await validated()).verdict, 'go');
    });
  }

  const latch = {
    ...{ runId: RUN, initiatedBy: person('sre', 'sre').subject, initiatorRoles: ['sre'], reason: 'loss' },
    at: '2026-11-24T12:00:00.000Z',
  };
  for (const [mode, code] of [
    ['STOPPING', 'StrategyNotOff'],
    ['KILLED', 'StrategyKilled'],
  ] as const) {
    it(`is refused while the strategy is ${mode}, at every step until the engines are asked`, async () => {
      await requested(made);
      made.store.strategies.set(STRATEGY, { ...stateOf(made), mode, ...(mode === 'KILLED' && { latch }) });

      await assert.rejects(requested(made), { name: code });
      await assert.rejects(openValidation(step, made.ports), { name: code });
      await assert.rejects(runSmoke(step, made.ports), { name: code });

      assert.deepEqual(made.engines.calls, []);
    });
  }

  it('that is aborted ends as such, and leaves nothing to undo', async () => {
    await requested(made);
    const before = stateOf(made);
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:validate';

    await followExecution({ detail: { name: VALIDATION, stateMachineArn, status: 'ABORTED' } }, made.ports);

    assert.equal((await made.store.get('RUN', VALIDATION))?.status, 'ABORTED');
    assert.deepEqual([stateOf(made), made.engines.calls, made.executions.started], [before, [], []]);
  });

  it('is refused for another environment than the registered one', async () => {
    await assert.rejects(requested(made, { environment: 'staging' }), {
      name: 'InvalidRequest',
      message: /registered for prod/,
    });
  });

  it('is refused by hand, and as a machine of another run', async () => {
    const launch = await launching();

    await assert.rejects(openValidation(step, made.ports), { name: 'NoIntent' });
    await assert.rejects(openValidation(launch.step, launch.ports), { name: 'NoIntent', message: /a run of launch/ });
  });

  it('of anything but a dry-run, or over too many minutes, cannot be asked for', () => {
    for (const wrong of [{ mode: 'live' }, { windowMinutes: 61 }, { windowMinutes: 0 }, { force: true }])
      assert.equal(ValidationRequest.safeParse({ environment: 'prod', ...wrong }).success, false);
    assert.deepEqual(ValidationRequest.parse({ environment: 'prod' }), {
      environment: 'prod',
      windowMinutes: 15,
      mode: 'dry-run',
    });
  });
});

describe('the smoke validation of a launch', () => {
  it('is judged against the artifact that was deployed in it', async () => {
    const made = await launching();
    made.store.strategies.set(STRATEGY, { ...stateOf(made), artifactDigest: digestOf('another artifact') });

    await assert.rejects(runSmokeValidation(made.step, made.ports), { name: 'ArtifactNotAttested' });

    assert.deepEqual(made.store.storyOf(STRATEGY).at(-1), 'smoke.failed');
  });
});
