import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { RUN, STRATEGY, stateOf, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Reply = z.record(z.string(), z.unknown());
const PATH = `/v1/strategies/${STRATEGY}/resumptions`;

/** A strategy that lost its lease. */
function safe(): ApiWorld {
  const made = apiWorld();
  const run = { id: RUN, ticket: 'TP-1' };
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'SAFE', epoch: 1, run });
  return made;
}

async function post(made: ApiWorld, body: unknown, { as = 'trader', key = 'key-0001', path = PATH } = {}) {
  const response = await made.send('launch', path, { as, body, headers: { 'idempotency-key': key } });
  return { status: response.status, body: Reply.parse(await response.json()) };
}
const codeOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [status, body['code']];

describe('POST resumptions', () => {
  it('records the intent and starts the machine under its name, once', async () => {
    const made = safe();

    const first = await post(made, { reason: 'the network is back' });
    const again = await post(made, { reason: 'the network is back' });
    const second = await post(made, { reason: 'the network is back' }, { key: 'key-0002' });

    const { runId, mode, epoch } = first.body;
    assert.deepEqual([first.status, mode, epoch, again.body], [202, 'SAFE', 1, first.body]);
    assert.deepEqual(made.executions.started, [
      { machine: 'resume', name: runId, input: { strategyId: STRATEGY, runId, epoch: 1 } },
    ]);
    assert.deepEqual(codeOf(second), [423, 'DeploymentLocked']);
    assert.deepEqual([stateOf(made).mode, stateOf(made).run], ['SAFE', { id: runId, ticket: 'TP-1' }]);
  });

  it('refuses who may not, what is not SAFE or not there, and junk, and starts nothing then', async () => {
    const made = safe();

    assert.deepEqual(codeOf(await post(made, { reason: 'x' }, { as: 'risk' })), [403, 'WrongRole']);
    assert.deepEqual(codeOf(await post(made, { reason: 'x' }, { as: 'reader' })), [403, 'NotPermitted']);
    assert.deepEqual(codeOf(await post(made, { reason: 'x' }, { path: '/v1/strategies/nothing/resumptions' })), [
      404,
      'UnknownStrategy',
    ]);
    assert.deepEqual(codeOf(await post(apiWorld(), { reason: 'x' })), [409, 'StrategyNotSafe']);
    for (const body of [{}, { reason: '' }, { reason: 'x', ticket: '' }, { reason: 'x', force: true }, [], 'text'])
      assert.deepEqual(codeOf(await post(made, body)), [400, 'InvalidRequest']);
    assert.deepEqual(made.executions.started, []);
  });

  it('refuses while a kill of its desk covers it, which came after it was asked for', async () => {
    const made = safe();
    const at = made.clock.now.toISOString();
    const latch = { id: 'desk:crypto', initiatedBy: trader.subject, initiatorRoles: [], reason: 'loss', at };
    made.store.records.set('LATCH#desk:crypto', { kind: 'LATCH', record: { ...latch, command: 'k' } as never });

    assert.deepEqual(codeOf(await post(made, { reason: 'x' })), [409, 'StrategyKilled']);
  });
});
