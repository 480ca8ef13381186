import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { certifyKill } from '../../domain/kill/certify-kill.ts';
import { killed, upToTheCertificate } from '../domain/kill/kill-at-its-end.ts';
import { STRATEGY } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Reply = z.record(z.string(), z.unknown());
const read = async (made: ApiWorld, path: string) => {
  const response = await made.send('query', path, { as: 'auditor' });
  return { status: response.status, body: Reply.parse(await response.json()) };
};

describe('GET kill-certificate', () => {
  it('gives the certificate and its page as they were filed, with the digest', async () => {
    const made = apiWorld();
    const step = await upToTheCertificate(made);
    await certifyKill(step, made.ports);

    const { status, body } = await read(made, `/v1/runs/${step.runId}/kill-certificate`);

    assert.deepEqual([status, body['run'], Object(body['certificate']).run], [200, step.runId, step.runId]);
    assert.match(String(body['page']), /^# Kill certificate: btc-momentum/);
    assert.match(String(Object(body['record']).hash), /^sha256:/);
  });

  it('answers 404 while there is none, and for a run that nobody knows', async () => {
    const made = apiWorld();
    const { runId } = await killed(made);

    for (const [run, code] of [
      [runId, 'NotFound'],
      ['nothing', 'UnknownRun'],
    ]) {
      const { status, body } = await read(made, `/v1/runs/${run}/kill-certificate`);
      assert.deepEqual([status, body['code']], [404, code]);
    }
  });
});

describe('GET a strategy that is killed', () => {
  it('shows what it held at the kill, and what is left once that is certified; nothing while it is not killed', async () => {
    const made = apiWorld();
    const exposure = async () => Object((await read(made, `/v1/strategies/${STRATEGY}`)).body['exposure']);
    assert.deepEqual(await exposure(), {});
    const step = await upToTheCertificate(made);
    const before = await exposure();

    await certifyKill(step, made.ports);

    assert.equal(before.residual, null);
    assert.deepEqual((await exposure()).residual.venues, before.atKill.venues);
  });
});

describe('POST incident', () => {
  const update = async (made: ApiWorld, as: string, body: unknown = { eta: '2026-11-24T18:00:00Z' }) => {
    const headers = { 'idempotency-key': 'key-0001' };
    const response = await made.send('command', `/v1/strategies/${STRATEGY}/incident`, { as, body, headers });
    return { status: response.status, body: Reply.parse(await response.json()) };
  };

  it('changes the expected recovery, with a receipt; the strategy shows it', async () => {
    const made = apiWorld();
    await killed(made);

    const { status, body } = await update(made, 'risk');

    assert.deepEqual([status, body['expectedRecovery']], [200, '2026-11-24T18:00:00.000Z']);
    assert.equal(Object(body['receipt']).log, STRATEGY);
    const latch = (await read(made, `/v1/strategies/${STRATEGY}`)).body['latch'];
    assert.equal(Object(latch).expectedRecovery, '2026-11-24T18:00:00.000Z');
  });

  it('is refused for who may not, for what is not killed, and for a time that is none', async () => {
    const made = apiWorld();
    assert.deepEqual(codeOf(await update(made, 'risk')), [409, 'StrategyNotKilled']);
    await killed(made);

    assert.deepEqual(codeOf(await update(made, 'auditor')), [403, 'WrongRole']);
    for (const body of [{}, { eta: 'tomorrow' }, { eta: '2026-11-24T18:00:00' }, { eta: '2020-01-01T00:00:00Z' }])
      assert.deepEqual(codeOf(await update(made, 'risk', body)), [400, 'InvalidRequest'], JSON.stringify(body));
  });
});

const codeOf = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body['code']];
