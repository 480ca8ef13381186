import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkFreezes } from '../../../domain/launch/check-freezes.ts';
import { gateResult } from '../../../domain/launch/finding.ts';
import { LOCK_MS } from '../../../domain/lock/renew-lock.ts';
import { Mode } from '../../../domain/mode.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { type RequestResume, ResumeRequest, requestResume } from '../../../domain/resume/request-resume.ts';
import { newStrategy, type Strategy } from '../../../domain/strategy.ts';
import { RUN, START, STRATEGY, trader, world } from '../../fakes/world.ts';
import { asking } from './a-safe-strategy.ts';

const ask = (more: Partial<Strategy> = {}, command: Partial<RequestResume> = {}) =>
  requestResume(
    { ...newStrategy(STRATEGY), mode: 'SAFE', epoch: 3, run: { id: RUN, ticket: 'TP-1' }, ...more },
    asking(world(), command),
  );
const codeOf = (asked: ReturnType<typeof ask>) => (asked instanceof Refusal ? asked.code : asked.reply.mode);
const later = (ms: number) => new Date(START.getTime() + ms).toISOString();
const lock = { runId: RUN, actor: trader.subject, action: 'launch', acquiredAt: START.toISOString() };
const latch = {
  ...{ id: 'all' as never, initiatedBy: trader.subject, initiatorRoles: [], reason: 'loss' },
  ...{ at: START.toISOString(), command: 'k' },
};
const under = (startedMsAgo: number, more: object = {}) => ({
  ...{ id: RUN, machine: 'resume' as const, strategyId: STRATEGY, epoch: 3, status: 'RUNNING' as const },
  ...{ requestedBy: trader.subject, request: {}, summary: 'resuming', startedAt: later(-startedMsAgo), ...more },
});

describe('requestResume', () => {
  it('records the intent with its reason, what it resumes and its ticket, and leaves the strategy SAFE', () => {
    const decision = ask();

    assert.ok(!(decision instanceof Refusal));
    const { state, entries, reply } = decision;
    assert.deepEqual([state.mode, state.epoch, state.run], ['SAFE', 3, { id: reply.runId, ticket: 'TP-1' }]);
    assert.deepEqual(
      entries.map(({ type, payload }) => [type, payload]),
      [['resume.requested', { reason: 'the network is back', resumes: RUN, epoch: 3 }]],
    );
    assert.match(reply.summary, /stays SAFE until two people have signed/);
  });

  it('takes the ticket it is given, and none where there is none', () => {
    const [own, none] = [
      ask({}, { request: { reason: 'x', ticket: 'INC-7' } }),
      requestResume({ ...newStrategy(STRATEGY), mode: 'SAFE' }, asking(world())),
    ];

    assert.ok(!(own instanceof Refusal) && !(none instanceof Refusal));
    assert.deepEqual([own.state.run?.ticket, none.state.run?.ticket], ['INC-7', undefined]);
  });

  it('is refused in every mode but SAFE, and never leaves SAFE by itself', () =>
    fc.assert(
      fc.property(fc.constantFrom(...Mode.options), (mode) => {
        const expected = { SAFE: 'SAFE', KILLED: 'StrategyKilled' }[String(mode)] ?? 'StrategyNotSafe';

        assert.equal(codeOf(ask({ mode })), expected);
      }),
    ));

  it('is refused while a scope that covers it is killed, while it is frozen, and while another run holds it', () => {
    const freeze = { id: 'kill-x', scope: 'all' as const, source: 'kill' as const, reason: 'x was killed' };
    const stands = { ...freeze, runId: RUN, by: trader.subject, since: START.toISOString() };
    const frozen = gateResult('freezes', checkFreezes([stands as never], START));

    assert.deepEqual(
      [
        ask({}, { latches: [latch as never] }),
        ask({}, { freezes: frozen }),
        ask({ lock: { ...lock, expiresAt: later(1) } }),
      ].map(codeOf),
      ['StrategyKilled', 'LaunchesFrozen', 'DeploymentLocked'],
    );
  });

  it('is refused beside one that is under way, until that one has had the time to take its lock', () => {
    const second = ask({}, { under: under(LOCK_MS) });

    assert.ok(second instanceof Refusal);
    assert.deepEqual([second.code, second.facts['heldBy']], ['DeploymentLocked', RUN]);
    assert.deepEqual(
      [
        ask({}, { under: under(LOCK_MS + 1) }),
        ask({}, { under: under(0, { status: 'FAILED' }) }),
        ask({}, { under: under(0, { machine: 'launch' }) }),
      ].map(codeOf),
      ['SAFE', 'SAFE', 'SAFE'],
    );
  });

  it('takes over one whose lock has expired, at a new epoch', () => {
    const decision = ask({ lock: { ...lock, action: 'resume', expiresAt: START.toISOString() } });

    assert.ok(!(decision instanceof Refusal));
    assert.deepEqual(
      decision.entries.map(({ type }) => type),
      ['orchestrator.takeover', 'resume.requested'],
    );
    assert.deepEqual([decision.state.epoch, decision.reply.epoch, decision.state.lock], [4, 4, undefined]);
  });

  it('needs a reason, and takes nothing that it does not know', () => {
    for (const junk of [
      {},
      { reason: ' ' },
      { reason: 'x'.repeat(501) },
      { reason: 'x', force: true },
      { reason: 1 },
      [],
      null,
    ])
      assert.equal(ResumeRequest.safeParse(junk).success, false, JSON.stringify(junk).slice(0, 40));
  });
});
