import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import * as z from 'zod';
import { SmokeReport } from '../../cli/replies.ts';
import { RunId } from '../../domain/ids.ts';
import { runSmoke } from '../../domain/validate/run-smoke.ts';
import { STRATEGY, stateOf } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const VALIDATE = `/v1/strategies/${STRATEGY}/validations`;
const KEY = { 'idempotency-key': 'key-0001' };
const body = { environment: 'prod' };
const Problem = z.object({ code: z.string(), status: z.number(), detail: z.string().min(1), next: z.string().min(1) });
const Accepted = z.object({ runId: RunId, mode: z.string(), receipt: z.object({ index: z.literal(0) }) });

describe('validations', () => {
  let made: ApiWorld;
  beforeEach(() => {
    made = apiWorld();
  });
  const validate = (options: Parameters<ApiWorld['send']>[2] = {}) =>
    made.send('launch', VALIDATE, { as: 'quant', body, headers: KEY, ...options });
  const smokeOf = (run: string) => made.send('launch', `/v1/runs/${run}/smoke`, { as: 'auditor', method: 'GET' });

  for (const as of ['quant', 'trader', 'risk', 'sre']) {
    it(`are taken from ${as}: the intent is recorded, the machine started, the mode as it was`, async () => {
      const response = await validate({ as });

      const { runId, mode } = Accepted.parse(await response.json());
      assert.deepEqual([response.status, mode, stateOf(made).mode], [202, 'OFF', 'OFF']);
      assert.deepEqual(made.executions.started, [
        { machine: 'validate', name: runId, input: { strategyId: STRATEGY, runId, epoch: 0 } },
      ]);
    });
  }

  it('are one validation for the same key and body, and another for another body', async () => {
    const first = await (await validate()).json();

    assert.deepEqual(await (await validate()).json(), first);
    assert.equal(
      Problem.parse(await (await validate({ body: { ...body, windowMinutes: 5 } })).json()).code,
      'IdempotencyKeyReused',
    );
    assert.equal(made.executions.started.length, 1);
  });

  for (const [what, options, code, status] of [
    ['somebody who only reads', { as: 'auditor' }, 'WrongRole', 403],
    ['another mode, by its name', { body: { ...body, mode: 'live' } }, 'InvalidRequest', 400],
    ['more than an hour', { body: { ...body, windowMinutes: 61 } }, 'InvalidRequest', 400],
    ['half a minute', { body: { ...body, windowMinutes: 0.5 } }, 'InvalidRequest', 400],
    ['another environment', { body: { environment: 'staging' } }, 'InvalidRequest', 400],
    ['no idempotency key', { headers: {} }, 'IdempotencyKeyMissing', 400],
  ] as const) {
    it(`are refused for ${what} with ${code}, and start nothing`, async () => {
      const response = await validate(options);

      const problem = Problem.parse(await response.json());
      assert.deepEqual([problem.code, response.status, made.executions.started.length], [code, status, 0]);
    });
  }

  it('say by name that there is no other mode', async () => {
    const problem = Problem.parse(await (await validate({ body: { ...body, mode: 'live' } })).json());

    assert.match(JSON.stringify(problem), /a validation is a dry-run: it sends nothing/);
  });

  it('have a report to be read, as the command line reads it, once they have replayed', async () => {
    const { runId } = Accepted.parse(await (await validate()).json());
    const early = await smokeOf(runId);
    await runSmoke({ strategyId: STRATEGY, runId, epoch: 0 }, made.ports);

    const response = await smokeOf(runId);

    assert.deepEqual([early.status, response.status], [404, 200]);
    const report = SmokeReport.parse(await response.json());
    assert.deepEqual([report.run, report.verdict, report.instances.length], [runId, 'passed', 2]);
    assert.match(report.key, new RegExp(`^reports/live/2026-11-24/${STRATEGY}/${runId}/smoke.json$`));
  });

  it('have no report for a run that nobody knows', async () => {
    const response = await smokeOf('validate-nothing');

    assert.deepEqual([response.status, Problem.parse(await response.json()).code], [404, 'UnknownRun']);
  });
});
