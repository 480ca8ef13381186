import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as z from 'zod';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { ActorId, RunId } from '../../domain/ids.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { draftPostMortem } from '../../domain/post-mortem/draft-post-mortem.ts';
import { signedAnswer } from '../fakes/passkeys.ts';
import { person, risk, STRATEGY, stateOf, trader } from '../fakes/world.ts';
import { type ApiWorld, apiWorld } from './api-world.ts';

const Reply = z.record(z.string(), z.unknown());
const RUN = RunId.parse('kill-btc-momentum-20261124-0123456789ab');
const CERTIFICATE = digestOf('the certificate');
const TEXT = draftPostMortem({
  run: RUN,
  certificate: CERTIFICATE,
  exposure: ['nothing'],
  entries: [{ at: '2026-11-24T12:00:00.000Z', type: 'kill.requested', actor: 'sub-trader' }],
})
  .replace(/^## (Impact|Root cause|What went well)$/gm, '## $1\n\nWhat there is to say.')
  .replace('| --- | --- | --- | --- | --- |', '| --- | --- | --- | --- | --- |\n| a | desk | 2026-12-31 | yes | |');

/** A strategy that is killed, confirmed and certified. */
function killedWorld(): ApiWorld {
  const made = apiWorld();
  const at = made.clock.now.toISOString();
  const latch = {
    ...{ runId: RUN, initiatedBy: trader.subject, initiatorRoles: [], reason: 'loss', at, certificate: CERTIFICATE },
    confirmedBy: ActorId.parse('sub-risk'),
  };
  made.store.strategies.set(STRATEGY, { ...stateOf(made), mode: 'KILLED', epoch: 1, latch });
  const run = { id: RUN, machine: 'kill' as const, strategyId: STRATEGY, epoch: 1, status: 'SUCCEEDED' as const };
  const record = { ...run, requestedBy: trader.subject, startedAt: at, request: {}, summary: 'a kill' };
  made.store.records.set(`RUN#${RUN}`, { kind: 'RUN', record });
  return made;
}

async function post(made: ApiWorld, path: string, as: string, body: unknown, key = 'key-0001') {
  const response = await made.send('recovery', path, { as, body, headers: { 'idempotency-key': key } });
  return { status: response.status, body: Reply.parse(await response.json()) };
}
const codeOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [status, body['code']];
const PATH = `/v1/runs/${RUN}/post-mortem`;

describe('POST post-mortem', () => {
  it('files it with a receipt; it is read back as a page, and its action is done with evidence', async () => {
    const made = killedWorld();

    const { status, body } = await post(made, PATH, 'trader', { text: TEXT });
    const done = await post(made, `${PATH}/actions/1`, 'risk', { evidence: 'PR 12' });
    const shown = await made.send('query', PATH, { as: 'auditor' });

    assert.deepEqual([status, body['version'], Object(body['receipt']).log], [200, 1, STRATEGY]);
    assert.deepEqual([done.status, done.body['blockingLeft']], [200, 0]);
    const { page, signedOff } = Object(await shown.json());
    assert.match(page, /^1\. a \(due 2026-12-31, blocks recovery\): done at \S+, PR 12$/m);
    assert.equal(signedOff, false);
  });

  it('refuses who may not, what is not whole, what is too large, and what is no number', async () => {
    const made = killedWorld();

    assert.deepEqual(codeOf(await post(made, PATH, 'auditor', { text: TEXT })), [403, 'WrongRole']);
    assert.deepEqual(codeOf(await post(made, PATH, 'trader', { text: 'nothing' })), [422, 'PostMortemInvalid']);
    assert.deepEqual(codeOf(await post(made, PATH, 'trader', { text: 'x'.repeat(50_000) })), [
      422,
      'PostMortemInvalid',
    ]);
    assert.deepEqual(codeOf(await post(made, PATH, 'trader', { text: 'x'.repeat(70_000) })), [413, 'BodyTooLarge']);
    assert.deepEqual(codeOf(await post(made, PATH, 'trader', {})), [400, 'InvalidRequest']);
    assert.deepEqual(codeOf(await post(made, '/v1/runs/nothing/post-mortem', 'trader', { text: TEXT })), [
      404,
      'UnknownRun',
    ]);
    assert.deepEqual(codeOf(await post(made, `${PATH}/actions/first`, 'trader', { evidence: 'x' })), [
      400,
      'InvalidRequest',
    ]);
    assert.deepEqual(codeOf(await post(made, '/v1/nothing', 'trader', {})), [404, 'NotFound']);
  });
});

describe('POST recoveries', () => {
  const path = `/v1/strategies/${STRATEGY}/recoveries`;

  it('refuses without a signed post-mortem, for a strategy that is not killed, and junk', async () => {
    const made = killedWorld();

    assert.deepEqual(codeOf(await post(made, path, 'trader', {})), [409, 'PostMortemMissing']);
    assert.deepEqual(codeOf(await post(apiWorld(), path, 'trader', {})), [409, 'StrategyNotKilled']);
    for (const body of [{ acceptExposure: true }, { acceptExposure: { reason: ' ' } }, { ticket: '' }, { force: true }])
      assert.deepEqual(codeOf(await post(made, path, 'trader', body)), [400, 'InvalidRequest']);
    assert.deepEqual(made.executions.started, []);
  });

  it('records the intent and starts the machine under its name, once', async () => {
    const made = killedWorld();
    await post(made, PATH, 'trader', { text: TEXT });
    const asked = await made.store.get('APPROVAL', `${RUN}-post-mortem`);
    assert.ok(asked);
    for (const caller of [person('sre', 'sre'), trader, risk])
      await decideApproval(asked.id, signedAnswer(made, caller, asked), `${caller.subject}/x`, made.ports);

    const first = await post(made, path, 'risk', { ticket: 'INC-7' }, 'key-0002');
    const again = await post(made, path, 'risk', { ticket: 'INC-7' }, 'key-0002');
    const second = await post(made, path, 'risk', {}, 'key-0003');

    assert.deepEqual([first.status, again.body, codeOf(second)], [202, first.body, [409, 'RecoveryUnderWay']]);
    const { runId, mode } = first.body;
    assert.deepEqual(
      [mode, made.executions.started],
      ['KILLED', [{ machine: 'recover', name: runId, input: { strategyId: STRATEGY, runId, epoch: 1 } }]],
    );
  });
});
