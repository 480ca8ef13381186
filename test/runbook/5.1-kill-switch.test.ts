import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KillAccepted } from '../../cli/replies.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import { DEEP, isDeep } from '../is-deep.ts';
import { HARDLY_FILLED } from './evidence.ts';
import { answer, killPath, launchedUntil, launchPath } from './launching.ts';
import { BTC, EUR, onALocalHost } from './on-a-local-host.ts';
import { ledgersAreWhole, nothingIsGivenAway } from './proof-of-the-ledgers.ts';
import { changesNothing, cliRefused, isNoted, isRefusal } from './refused.ts';
import { secondsAgo } from './tokens.ts';

const REASON = 'quotes look wrong';

describe('runbook 5.1: kill-switch activation', () => {
  const here = onALocalHost();
  const entriesOf = async (strategy: string, type: string) =>
    (await here.log(strategy)).entries.map(({ entry }) => entry).filter((entry) => entry['type'] === type);
  /** The kill stands in the ledger, at the latest with the entry after it. */
  const isRecorded = async (runId: string, as: 'sre' | 'quant', reason: string) => {
    const actor = await here.tokenOf.subjectOf(as);
    await eventually(
      `a kill by ${as}: ${reason.slice(0, 20)}`,
      async () => (await here.log(EUR)).entries.map(({ entry }) => entry),
      (entries) =>
        entries.some(
          ({ run, payload, ...entry }) =>
            run === runId && entry['actor'] === actor && Object(payload).reason === reason,
        ),
    );
  };
  const killRun = async () => String((await entriesOf(BTC, 'kill.requested'))[0]?.['run']);

  it('triggers by one person and one command, even while the venue refuses to cancel, and says no more than is known', async () => {
    await here.evidence.approve(BTC, HARDLY_FILLED);
    await launchedUntil(here, BTC, 'nothing: it is live');
    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders > 0);
    await here.fault('refuse-cancel', true);

    const { code, lines } = await here.cli('kill', '--strategy', BTC, '--reason', REASON, '--as', 'trader');

    const reply = KillAccepted.parse(lines[0]);
    assert.deepEqual([code, reply.status, reply.latched, reply.mode], [0, 'halted', true, 'KILLED']);
    assert.match(reply.summary, /the venues are being checked/);
    assert.equal((await here.eyes[BTC].engine()).halted, true);
  });

  it('turns live.enabled off, and goes on cancelling at the venue without claiming that it is empty', async () => {
    await eventually('live.enabled', here.eyes[BTC].flag, (enabled) => !enabled);
    const refused = () => here.look(`/v1/executions/${runId}/history`).then((history) => JSON.stringify(history));
    const runId = await killRun();

    await eventually('OrdersResting', refused, (history) => history.includes('OrdersResting'));

    assert.ok((await here.eyes[BTC].restingOrders()) > 0);
    assert.deepEqual(await entriesOf(BTC, 'kill.venues-empty'), []);
    assert.equal((await here.run(runId)).status, 'RUNNING');
  });

  it('finishes when the venue gives in: nothing rests there any more', async () => {
    await here.fault('refuse-cancel', false);

    await eventually('orders at the venue', here.eyes[BTC].restingOrders, (orders) => orders === 0, 30_000);

    await eventually(
      'kill.venues-empty',
      () => entriesOf(BTC, 'kill.venues-empty'),
      ({ length }) => length === 1,
    );
  });

  it('freezes further launches of everything until post-mortem sign-off', async () => {
    await eventually(
      'the freeze',
      () => entriesOf(BTC, 'freeze.set'),
      ({ length }) => length === 1,
    );
    const body = { environment: 'prod' };

    for (const [strategy, code, status] of [
      [EUR, 'LaunchesFrozen', 423],
      [BTC, 'StrategyKilled', 409],
    ] as const)
      await changesNothing(here, strategy, () =>
        isNoted(here, 'trader', code, async () =>
          isRefusal(await here.ask(launchPath(strategy), { as: 'trader', body }), code, status),
        ),
      );
    cliRefused(await here.cli('deploy', '--env', 'prod', '--strategy', EUR, '--as', 'trader'), 'LaunchesFrozen', 10);
  });

  it('asks for both signatures: of whoever killed, and of another person in another role', async () => {
    const question = await here.question(await killRun(), 'kill-confirmation');
    const both = { 'cognito:groups': ['execution-trader', 'risk-officer'] };
    const body = {
      decision: 'approve',
      digest: question.digest,
      assertion: await here.assertion('trader', question.digest),
    };
    const path = `/v1/approvals/${question.id}/signatures`;

    for (const as of ['trader2', 'sre'] as const)
      await isNoted(here, as, 'WrongRole', async () => isRefusal(await answer(here, question, as), 'WrongRole', 403));
    assert.equal((await answer(here, question, 'trader')).status, 200);
    const token = await here.tokenOf.issued('trader', both);
    await isNoted(here, 'trader', 'ConfirmerIsInitiator', async () =>
      isRefusal(await here.ask(path, { token, body }), 'ConfirmerIsInitiator', 409),
    );
    assert.equal(question.document['reason'], REASON);
  });

  it('appears in the kill events with dual signatures, initiator and confirmer', async () => {
    const runId = await killRun();
    const event = async (name: string) =>
      JSON.parse(await here.evidence.read(`observability/audit/kill_events/${runId}-${name}.json`));

    const { code, words } = await here.cli('approve', '--strategy', BTC, '--as', 'risk', '--yes');

    assert.equal(code, 0, words);
    assert.equal((await here.ended(runId)).status, 'SUCCEEDED');
    const [trader, risk] = [await here.tokenOf.subjectOf('trader'), await here.tokenOf.subjectOf('risk')];
    const [requested, confirmed] = [await event('requested'), await event('confirmed')];
    assert.deepEqual([requested.initiator, requested.reason], [trader, REASON]);
    assert.deepEqual([confirmed.event, confirmed.initiator, confirmed.confirmer], ['kill.confirmed', trader, risk]);
    const { lines } = await here.cli('kill-events', '--as', 'auditor');
    assert.deepEqual(lines.at(-1), confirmed);
    const [entry] = await entriesOf(BTC, 'kill.confirmed');
    assert.deepEqual([entry?.['run'], Object(entry?.['payload']).confirmer], [runId, risk]);
    const proofs = Object(entry?.['proofs']) as { subject: string; method: string; authenticator: string }[];
    assert.deepEqual(
      proofs.map(({ subject, method, authenticator }) => [subject, method, authenticator]),
      [
        [trader, 'webauthn', 'demo'],
        [risk, 'webauthn', 'demo'],
      ],
    );
  });

  it('is never refused for form: an empty, missing, long or unreadable reason, or a body that is none', async () => {
    const forms = [
      [{ raw: '' }, 'not given'],
      [{ body: { reason: '' }, key: null }, 'not given'],
      [{ body: { reason: 7 }, key: 'short' }, 'not given'],
      [{ raw: '{"reason":' }, 'not given'],
      [{ raw: `${'['.repeat(1000)}${']'.repeat(1000)}` }, 'not given'],
      [{ body: { reason: 'x'.repeat(70_000) } }, 'not given'],
      [{ body: { reason: 'r'.repeat(10_000) } }, 'r'.repeat(500)],
      [{ body: { reason: 'a\u0000\u001b[31mb\u202e\nc' }, headers: { 'content-type': 'text/plain' } }, 'a [31mb c'],
    ] as const;
    for (const [options, reason] of forms) {
      const { status, body } = await here.ask(killPath(EUR), { as: 'sre', ...options });

      assert.deepEqual([status, body['latched'], body['status']], [202, true, 'halted'], reason);
      await isRecorded(String(body['runId']), 'sre', reason);
    }
  });

  it('does not fail because a login ran out: a token that expired within 15 minutes is taken, and it is recorded', async () => {
    const expired = (seconds: number) => here.tokenOf.issued('sre', { exp: secondsAgo(seconds) });

    const { status, body } = await here.ask(killPath(EUR), { token: await expired(300) });
    const late = await here.ask(killPath(EUR), { token: await expired(1000) });

    assert.deepEqual([status, body['latched']], [202, true]);
    isRefusal(late, 'TokenExpired', 401);
    const entry = (await entriesOf(EUR, 'kill.reaffirmed')).find(({ run }) => run === body['runId']);
    assert.ok(Number(Object(entry?.['payload']).tokenExpiredForMs) >= 300_000);
  });

  it('is reaffirmed, and fences once more, under a key that was used before, whatever the body', async () => {
    const kill = (reason: string) =>
      here.ask(killPath(EUR), { as: 'quant', key: 'one-and-the-same', body: { reason } });

    const replies = [await kill('first'), await kill('first'), await kill('another')];

    const epochs = replies.map(({ body }) => Number(body['epoch']));
    assert.deepEqual(
      [replies.map(({ status }) => status), new Set(epochs).size, epochs],
      [[202, 202, 202], 3, epochs.toSorted((a, b) => a - b)],
    );
    for (const reason of ['first', 'another']) await isRecorded(String(replies[0]?.body['runId']), 'quant', reason);
  });

  it('asks for one confirmation, however often it was repeated', { skip: !isDeep && DEEP }, async () => {
    const first = String((await entriesOf(EUR, 'kill.requested'))[0]?.['run']);
    await here.question(first, 'kill-confirmation');

    for (const as of ['sre', 'risk']) {
      const { code, words } = await here.cli('approve', '--strategy', EUR, '--as', as, '--yes');
      assert.equal(code, 0, words);
    }

    assert.equal((await here.ended(first)).status, 'SUCCEEDED');
    assert.equal((await entriesOf(EUR, 'kill.confirmed')).length, 1);
  });

  it('leaves a stop nothing to do, which is said and is no refusal', async () => {
    const { status, body } = await here.ask(`/v1/strategies/${EUR}/stops`, { as: 'risk' });

    assert.deepEqual([status, body['runId'], body['mode']], [202, null, 'KILLED']);
    assert.match(String(body['summary']), /is killed: it is halted already/);
  });

  it('leaves ledgers that are whole and give nothing away', async () => {
    await ledgersAreWhole(here, [BTC, EUR, 'access']);
    await nothingIsGivenAway(here, [BTC, EUR, 'access']);
  });
});
