import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Approval } from '../../../domain/approval/approval.ts';
import { approvalId } from '../../../domain/approval/open-approval.ts';
import { keepOversight } from '../../../domain/data-incident/keep-oversight.ts';
import { openDataIncident } from '../../../domain/data-incident/open-data-incident.ts';
import { proposeResumption } from '../../../domain/data-incident/propose-resumption.ts';
import { followExecution } from '../../../domain/follow-execution.ts';
import { RunId } from '../../../domain/ids.ts';
import { digestOf } from '../../../domain/ledger/digest.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { openSafeMode } from '../../../domain/safe-mode/open-safe-mode.ts';
import { whyOver } from '../../../domain/safe-mode/safe-mode-step.ts';
import { verifyNothingRests } from '../../../domain/safe-mode/verify-nothing-rests.ts';
import { STRATEGY, stateOf, trader, type World } from '../../fakes/world.ts';
import {
  entered,
  entriesOf,
  incidentIn,
  KILL,
  liveWorld,
  passing,
  played,
  RESUMED,
  STOP,
  stepOf,
} from './a-safe-mode.ts';

const typesIn = (made: World) => entriesOf(made).map(({ type }) => type);

/** What a resumption asks of people, as it stands open now. */
function aQuestion(made: World, runId: RunId): Approval {
  const at = made.clock.now.toISOString();
  return {
    ...{ id: approvalId({ runId }, 'resume'), kind: 'resume', strategyId: STRATEGY, runId, epoch: 5, document: {} },
    ...{ digest: digestOf('question'), requiredRoles: ['risk-officer'], mayDecline: [], excluded: [], signatures: [] },
    ...{ status: 'open', openedAt: at, expiresAt: at, taskToken: 'of the proposal' },
  };
}

describe('a safe mode is over', () => {
  it('for what was killed, resumed or taken over, and says which', () => {
    const state = stateOf(liveWorld());
    const by = { runId: RunId.parse('r'), cause: 'manual' as const, reason: 'x', by: trader.subject, at: '' };
    const latch = { runId: by.runId, initiatedBy: by.by, initiatorRoles: [], reason: 'loss', at: '' };
    const why = (changes: object) => whyOver({ ...state, mode: 'SAFE', safeMode: by, ...changes }, by);

    assert.equal(why({}), undefined);
    assert.match(String(why({ latch, mode: 'KILLED' })), /is killed: loss/);
    assert.match(String(why({ mode: 'ACTIVE' })), /is ACTIVE, and so in no safe mode/);
    assert.match(String(why({ safeMode: undefined })), /SAFE for another reason/);
    assert.match(String(why({ safeMode: { ...by, runId: 'other' } })), /other looks after/);
  });
});

describe('a machine that was started anew', () => {
  it('does not ask for the proof again that was given, and sends home no proposal of its own', async () => {
    const made = liveWorld();
    const step = stepOf(await entered(made, 'market-data'));
    for (const act of [openSafeMode, verifyNothingRests, openDataIncident]) await act(step, made.ports);
    for (let look = 0; look < 10; look += 1) {
      await passing(made, 15);
      await keepOversight(step, made.ports).catch((error: unknown) => assert.ok(error instanceof Refusal));
    }
    await proposeResumption(step, made.ports);
    const proposal = RunId.parse(incidentIn(made)?.proposal?.runId);
    const asked = aQuestion(made, proposal);
    await made.store.put({ kind: 'APPROVAL', record: asked });
    made.venues.unreachable.add('XSIM');

    for (const act of [openSafeMode, verifyNothingRests, openDataIncident, proposeResumption])
      await act(step, made.ports);

    assert.deepEqual([stateOf(made).mode, stateOf(made).run?.id], ['SAFE', proposal]);
    assert.equal((await made.store.get('APPROVAL', asked.id))?.status, 'open');
    assert.equal(typesIn(made).filter((type) => type === 'data-incident.opened').length, 1);
  });

  it('gives venues no more time: what is not proved by then is killed', async () => {
    const made = liveWorld();
    made.venues.resting = 1;
    made.venues.stubborn = 99;
    const step = stepOf(await entered(made, 'heartbeat'));
    made.pass(60_000);

    await assert.rejects(verifyNothingRests(step, made.ports), { code: 'VenuesNotVerified' });
  });

  it('takes a late proof for a proof', async () => {
    const made = liveWorld();
    const step = stepOf(await entered(made, 'heartbeat'));
    made.pass(60_000);

    const { verdict } = await verifyNothingRests(step, made.ports);

    assert.equal(verdict, 'go');
  });
});

describe('a machine that ends without success', () => {
  const ended = (made: World, name: string, status: 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'SUCCEEDED') =>
    followExecution({ detail: { name: RunId.parse(name), stateMachineArn: 'a:safe-mode', status } }, made.ports);

  for (const status of ['FAILED', 'TIMED_OUT', 'ABORTED'] as const)
    it(`is followed by another one when it ${status}, for the same run, as long as that safe mode stands`, async () => {
      const made = liveWorld();
      const { runId } = stepOf(await entered(made, 'market-data'));

      const { summary } = await ended(made, runId, status);

      const { machine, name, input } = made.executions.started.at(-1) ?? {};
      assert.deepEqual([machine, input], ['safe-mode', { strategyId: STRATEGY, runId, epoch: 5 }]);
      assert.ok(name !== runId && String(name).length === runId.length && summary.includes(String(name)));
      assert.equal((await made.store.get('RUN', runId))?.status, 'RUNNING');
    });

  it('is closed where it succeeded: then it stays SAFE until people resume it', async () => {
    const made = liveWorld();
    const { runId } = stepOf(await entered(made, 'heartbeat'));

    await ended(made, runId, 'SUCCEEDED');

    assert.equal((await made.store.get('RUN', runId))?.status, 'SUCCEEDED');
    assert.equal(made.executions.started.length, 1);
  });

  it('is followed by another one as long as it has left an incident to close, which then closes it', async () => {
    const made = liveWorld();
    const step = stepOf(await entered(made, 'market-data'));
    await openDataIncident(step, made.ports);
    await KILL(made);

    await ended(made, step.runId, 'FAILED');
    const successor = made.executions.started.at(-1);
    await played(made, step, async () => undefined);
    await ended(made, step.runId, 'FAILED');

    assert.deepEqual([successor?.machine, successor?.input?.['runId']], ['safe-mode', step.runId]);
    assert.equal(incidentIn(made)?.status, 'over');
    assert.equal(made.executions.started.at(-1), successor, 'once');
  });

  it('is closed where the strategy was resumed, stopped or killed meanwhile', async () => {
    for (const happens of [KILL, STOP, RESUMED]) {
      const made = liveWorld();
      const { runId } = stepOf(await entered(made, 'market-data'));
      await happens(made);

      await ended(made, runId, 'ABORTED');

      assert.equal((await made.store.get('RUN', runId))?.status, 'ABORTED');
      assert.equal(made.executions.started.filter(({ machine }) => machine === 'safe-mode').length, 1);
    }
  });
});
