import { setImmediate } from 'node:timers/promises';
import type fc from 'fast-check';
import type { ApprovalKind } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { approvalId } from '../../domain/approval/open-approval.ts';
import { change } from '../../domain/change.ts';
import { ExecutionStatusChange, followExecution } from '../../domain/follow-execution.ts';
import { RunId } from '../../domain/ids.ts';
import { requestLaunch } from '../../domain/launch/request-launch.ts';
import { renewLease } from '../../domain/lease/renew-lease.ts';
import type { Machine } from '../../domain/machine.ts';
import { Refusal } from '../../domain/refusal.ts';
import { registerStrategies } from '../../domain/register-strategies.ts';
import { requestResume } from '../../domain/resume/request-resume.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { trader2 } from '../domain/recover/a-killed-strategy.ts';
import { asking } from '../domain/resume/a-safe-strategy.ts';
import { FakeAppConfig } from '../fakes/fake-app-config.ts';
import { FencedEngines } from '../fakes/fenced-engines.ts';
import { leaseReport } from '../fakes/lease-report.ts';
import { signedAnswer } from '../fakes/passkeys.ts';
import { REGISTRATION, RUN, risk, STRATEGY, stateOf, trader, type World, world } from '../fakes/world.ts';
import { killLaws } from './kill-laws.ts';
import { runNamedStep } from './machine-steps.ts';
import { RaceExecutions } from './race-executions.ts';
import { beginRecovery, recoveryPorts } from './recovery-begins.ts';
import { type RacePorts, scheduledPorts } from './scheduled-ports.ts';
import { type Stall, stallsOf } from './stalls.ts';
import { type Context, definitionOf, MachineFailed, walkMachine } from './walk-machine.ts';

export type Race = Awaited<ReturnType<typeof openRace>>;

export type Circumstances = {
  /** Before this state of its machine the launch stands when the race begins; `Launched` is live, `nothing` is off; `recover: ...` and `resume: ...` are states of these. */
  from: string;
  /** What each turn takes, in milliseconds: with many, a kill that lost a race goes on unconditionally. */
  turnMs: number;
  /** How many turns people take to answer, one after the other, over and over. */
  hesitation: readonly number[];
  /** Instances that hear no halt. */
  deaf: readonly string[];
  /** Who stands still before which of its turns (counted from 0), until nobody else has anything left to do. */
  stalls: readonly Stall[];
};
const RENEWALS = 6;
const RESTARTS = 3;
const ASKED: Record<string, { kind: ApprovalKind; who: Caller[] }> = {
  AskForTwoConfirmations: { kind: 'launch-confirmation', who: [trader, risk] },
  AskForFlip: { kind: 'flag-flip', who: [trader] },
  AskForTwoSignatures: { kind: 'recovery', who: [trader2, risk] },
  AskToResume: { kind: 'resume', who: [trader, risk] },
  AskForConfirmer: { kind: 'kill-confirmation', who: [risk, trader] },
};

/** A fast-check scheduler that lets everything that can go on do so before it gives the next turn. */
export const onceAllStandStill = {
  act: async (turn: () => Promise<unknown>) => {
    await turn();
    await setImmediate();
  },
} as { act: (turn: () => Promise<unknown>) => Promise<unknown> };

/** A strategy with two engines, its machines, its people, and everybody's turns: the launch stands where the race begins. */
export async function openRace(scheduler: fc.Scheduler, { from, turnMs, hesitation, deaf, stalls }: Circumstances) {
  const made: World = world();
  const engines = new FencedEngines(made.ports.now);
  engines.attested = made.engines.attested;
  const executions = new RaceExecutions();
  const appConfig = new FakeAppConfig();
  const { extra, checkpoint } = recoveryPorts(made);
  const elapsedMs = () => made.clock.now.getTime();
  const base: RacePorts = { ...made.ports, ...extra, engines, executions, elapsedMs };
  made.venues.positions = async () => [];
  const laws = killLaws({ made, engines, appConfig });
  const road = {
    scheduled: false,
    begun: false,
    hesitated: 0,
    held: Promise.withResolvers<void>(),
    go: Promise.withResolvers<void>(),
  };

  const stalling = stallsOf(stalls);

  /** `what` begins with the name of whoever's turn it is. */
  async function turn(what: string): Promise<void> {
    if (road.scheduled) await stalling.stallOrNot(what);
    if (road.scheduled) await scheduler.schedule(Promise.resolve(), what);
    made.pass(turnMs);
  }

  const portsOf = (party: string): RacePorts => scheduledPorts(party, base, appConfig, turn, laws.look);
  /** A party of the race. What it is refused is fine; a fault of its own is not. */
  function spawn(party: string, act: (ports: RacePorts) => Promise<unknown>): void {
    act(portsOf(party)).catch((error: unknown) => {
      if (!(error instanceof Refusal || error instanceof MachineFailed))
        laws.breaks(`${party} failed: ${String(error)}`);
    });
  }

  async function wait(party: string, turns: number): Promise<void> {
    for (let each = 0; each < turns; each += 1) await turn(`${party}: waits`);
  }

  function hesitate(party: string): Promise<void> {
    road.hesitated += 1;
    return wait(party, hesitation[road.hesitated % hesitation.length] ?? 0);
  }

  /** Those whom a step has asked think it over, and sign. */
  function ask(lambda: string, runId: string, machine: string): void {
    const { kind, who = [] } = ASKED[lambda] ?? {};
    if (!kind) return;
    for (const caller of who)
      spawn(`${caller.subject} of ${machine}`, async (ports) => {
        await hesitate(caller.subject);
        const approval = await ports.records.get('APPROVAL', approvalId({ runId: RunId.parse(runId) }, kind));
        if (!approval) return;
        const key = `${caller.subject}/${machine}/${approval.digest}`;
        await decideApproval(approval.id, signedAnswer(made, caller, approval), key, ports);
      });
  }

  async function runMachine(machine: Machine, name: string, input: Context): Promise<void> {
    const ports = portsOf(name);
    await walkMachine(
      definitionOf(machine),
      { runId: name, ...input },
      {
        execution: name,
        async pause(state) {
          if (machine === 'recover') await checkpoint(base);
          if (!road.scheduled) await reach(machine === 'launch' ? state : `${machine}: ${state}`);
          await turn(`${name}: ${state}`);
        },
        answered: (token, state) => executions.answer(token, state),
        async step(lambda, given) {
          const result = await runNamedStep(lambda, given, ports);
          if (machine === 'kill') laws.secured(lambda);
          ask(lambda, String(given['runId']), name);
          return result;
        },
      },
    );
  }

  /** Machines go on by themselves to the state where the race begins. */
  async function reach(state: string): Promise<void> {
    if (road.begun) return;
    for (const { instanceId } of REGISTRATION.engines) await renew(instanceId, portsOf(instanceId));
    if (state !== from) return;
    road.begun = true;
    road.held.resolve();
    await road.go.promise;
  }

  executions.began = (machine, name, input) => {
    spawn(name, () =>
      runMachine(machine, name, input).catch((error: unknown) => {
        if (machine !== 'kill') throw error;
        if (executions.started.length > RESTARTS * 10)
          throw new Error(`${name} was started again and again: ${String(error)}`);
        const detail = { name, stateMachineArn: 'a:kill', status: 'FAILED', input: JSON.stringify(input) };
        return followExecution(ExecutionStatusChange.parse({ detail }), portsOf(name));
      }),
    );
  };

  async function renew(instanceId: string, ports: RacePorts): Promise<void> {
    const engine = REGISTRATION.engines.find((each) => each.instanceId === instanceId);
    const { epoch, lapsedEpoch } = engines.stateOf(instanceId);
    const sent = engines.instant();
    const judge = laws.renewal();
    try {
      const clientId = engine?.clientId ?? '';
      const terms = await renewLease(
        { strategyId: STRATEGY, instanceId, clientId, epoch, lapsedEpoch, report: leaseReport(made) },
        ports,
      );
      judge(terms);
      engines.take(instanceId, sent, terms);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'LeaseExpired') engines.lose(instanceId, Number(error.facts['epoch']));
    }
  }

  /** Gives turns until nobody wants one; then whoever stalls goes on, and what nobody answers times out. */
  async function untilAllStandStill(): Promise<void> {
    do {
      await setImmediate();
      while (scheduler.count() > 0) await scheduler.waitOne();
      stalling.someoneStalls(); // or never will
      await setImmediate();
    } while (scheduler.count() > 0 || stalling.letGo() || executions.timeOut());
  }

  /** Everything up to the race, without turns. */
  async function begin(): Promise<void> {
    made.store.strategies.delete(STRATEGY);
    made.store.records.delete(`REGISTRATION#${STRATEGY}`);
    await registerStrategies([REGISTRATION], 'v0', portsOf('deployment'));
    for (const { instanceId } of REGISTRATION.engines) await renew(instanceId, portsOf(instanceId));
    await untilHeld();
    road.begun = true;
    for (const instance of deaf) engines.deaf.add(instance);
    laws.begin();
    road.scheduled = true;
    road.go.resolve();
    for (const { instanceId } of REGISTRATION.engines) spawn(instanceId, (ports) => keepRenewing(instanceId, ports));
  }

  function untilHeld(): Promise<void> {
    if (from.startsWith('recover: ')) return recoverUntilHeld();
    if (from.startsWith('resume: ')) return resumeUntilHeld();
    return from === 'nothing' ? Promise.resolve() : launchUntilHeld();
  }

  async function recoverUntilHeld(): Promise<void> {
    await beginRecovery(made, portsOf('people before'));
    await road.held.promise;
  }

  /** Live first; then all leases run out, and the resumption of what is SAFE begins. */
  async function resumeUntilHeld(): Promise<void> {
    await launchUntilHeld();
    made.pass(6_000);
    for (const { instanceId } of REGISTRATION.engines) await renew(instanceId, portsOf(instanceId));
    const command = asking(made);
    const decision = requestResume(stateOf(made), command);
    if (decision instanceof Refusal) throw decision;
    await made.store.commit(stateOf(made), decision, made.clock.now);
    await executions.start('resume', command.runId, { strategyId: STRATEGY, epoch: stateOf(made).epoch });
    await road.held.promise;
  }

  async function launchUntilHeld(): Promise<void> {
    const asked = { caller: trader, runId: RUN, request: { environment: 'prod' }, freezes: [], now: made.clock.now };
    const decision = requestLaunch(stateOf(made), asked);
    if (decision instanceof Refusal) throw decision;
    await made.store.commit(stateOf(made), decision, made.clock.now);
    const { epoch } = stateOf(made);
    const ended = runMachine('launch', RUN, { strategyId: STRATEGY, epoch });
    executions.started.push({ machine: 'launch', name: RUN, input: {} });
    spawn(RUN, () => ended);
    await Promise.race([road.held.promise, ended]);
  }

  async function keepRenewing(instanceId: string, ports: RacePorts): Promise<void> {
    for (let each = 0; each < RENEWALS; each += 1) {
      await renew(instanceId, ports);
      await wait(instanceId, 5);
    }
  }

  /** After the race, without turns: what waits for its schedule is done, and every engine renews once more. */
  async function end(tick: (ports: RacePorts) => Promise<unknown>): Promise<void> {
    await untilAllStandStill();
    road.scheduled = false;
    await tick(portsOf('the schedule'));
    await setImmediate();
    await untilAllStandStill();
    await setImmediate();
    for (const { instanceId } of REGISTRATION.engines) await renew(instanceId, portsOf(instanceId));
    const entries = [{ type: 'test.ended', actor: trader.subject, payload: {} }]; // and whatever still waits for an append
    const decide = (state: Strategy) => ({ state, entries, reply: undefined });
    await change(STRATEGY, { key: 'end', body: 0 }, decide, portsOf('the end'));
  }

  return { made, laws, spawn, wait, stalled: stalling.first, begin, end };
}
