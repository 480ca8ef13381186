import assert from 'node:assert/strict';
import type { ApprovalKind } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { decideApproval } from '../../domain/approval/decide-approval.ts';
import { approvalId } from '../../domain/approval/open-approval.ts';
import { enginesOf } from '../../domain/engine-instances.ts';
import { renewLease } from '../../domain/lease/renew-lease.ts';
import { LedgerEntry } from '../../domain/ledger/ledger-entry.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { RunStep } from '../../domain/run-step.ts';
import { requested, safeWorld } from '../domain/resume/a-safe-strategy.ts';
import { FencedEngines } from '../fakes/fenced-engines.ts';
import { leaseReport } from '../fakes/lease-report.ts';
import { signedAnswer } from '../fakes/passkeys.ts';
import { launching, REGISTRATION, risk, STRATEGY, trader, type World } from '../fakes/world.ts';
import { runNamedStep } from './machine-steps.ts';
import { RaceExecutions } from './race-executions.ts';
import { recoveryPorts } from './recovery-begins.ts';
import type { RacePorts } from './scheduled-ports.ts';
import { definitionOf, MachineFailed, walkMachine } from './walk-machine.ts';

export type Played = World & {
  readonly engines: FencedEngines;
  readonly executions: RaceExecutions;
  /** Every time the flag was switched on. */
  readonly enabled: readonly unknown[];
};
/** A place in a machine: before a state begins, while it waits for people, or after the last one. */
export type Boundary = { readonly when: 'before' | 'while' | 'after'; readonly state: string };
/** A step after the event, and what came of it. */
export type Outcome = { readonly step: string; readonly error: unknown };

const UNDOING = new Set(['DisarmAndDisable', 'ReleaseDeployment', 'ClearProbeOrders']);
const ASKED: readonly (readonly [ApprovalKind, readonly Caller[]])[] = [
  ['launch-confirmation', [trader, risk]],
  ['flag-flip', [trader]],
  ['resume', [trader, risk]],
];

const before = (state: string): Boundary => ({ when: 'before', state });

/** Every boundary of a machine that goes through to its end, read from its ASL: undoing states are what follows an event, not places of one. */
export function boundariesOf(machine: string): Boundary[] {
  const { States } = definitionOf(machine);
  const all = Object.entries(States).flatMap(([state, { Type, Resource = '', Branches = [] }]): Boundary[] => {
    if (Type === 'Succeed') return [{ when: 'after', state }];
    if (Type === 'Parallel') return Branches.flatMap((branch) => Object.keys(branch.States).map(before));
    if (Type === 'Fail' || [...UNDOING].some((step) => Resource.includes(step))) return [];
    const waits = Resource.endsWith('.waitForTaskToken');
    return waits ? [before(state), { when: 'while', state }] : [before(state)];
  });
  assert.ok(all.length > 10, `${machine} has ${all.length} boundaries`);
  return all;
}

/**
 * Walks a machine with everybody's signatures, lets something happen at one boundary, and walks on. Answers what became of each step
 * after it, undoing ones left out; throws when the boundary was never reached.
 */
export async function playTo(made: Played, machine: string, run: RunStep, at: Boundary, event: () => Promise<void>) {
  const ports = portsOf(made);
  const after: Outcome[] = [];
  let happened = false;
  const reached = async (when: Boundary['when'], state: string) => {
    if (happened || when !== at.when || state !== at.state) return;
    happened = true;
    await event();
  };
  const input = { strategyId: STRATEGY, epoch: run.epoch, runId: run.runId };
  const walked = walkMachine(definitionOf(machine), input, {
    execution: run.runId,
    pause: async (state) => {
      await leasesRenewed(made);
      await reached('before', state);
    },
    answered: (token, state) => made.executions.answer(token, state),
    step: async (step, given) => {
      const isAfter = happened && !UNDOING.has(step);
      try {
        const result = await runNamedStep(step, given, ports);
        if (isAfter) after.push({ step, error: undefined });
        if (step.startsWith('Ask')) void peopleAnswer(made, run, () => reached('while', stateOfStep(machine, step)));
        return result;
      } catch (error) {
        if (isAfter) after.push({ step, error });
        throw error;
      }
    },
  });
  const ended = await walked.then(
    () => 'through' as const,
    (error: unknown) => {
      if (!(error instanceof MachineFailed)) throw error;
      return 'failed' as const;
    },
  );
  if (at.when === 'after') await reached('after', at.state);
  assert.ok(happened, `${machine} never came to ${at.when} ${at.state}`);
  return { ended, after };
}

export const portsOf = (made: Played): RacePorts => ({ ...made.ports, ...recoveryPorts(made).extra });

/** Such a world with engines that keep the engine contract, which have loaded what is approved, and with machines that wait for people. */
async function played(made: World): Promise<Played> {
  const engines = new FencedEngines(made.ports.now);
  engines.attested = made.engines.attested;
  engines.positions = async () => [];
  made.venues.positions = async () => [];
  const executions = new RaceExecutions();
  const enabled: unknown[] = [];
  const { enable } = made.flags;
  made.flags.enable = async (...given) => {
    const deployment = await enable.apply(made.flags, given);
    enabled.push(deployment);
    return deployment;
  };
  const all = { ...made, engines, executions, enabled, ports: { ...made.ports, engines, executions } };
  for (const instance of enginesOf(REGISTRATION)) await engines.deploy(instance);
  await leasesRenewed(all);
  return all;
}

/** A strategy whose machine begins: it has just been asked for. */
export async function beginning(machine: 'launch' | 'resume'): Promise<{ made: Played; run: RunStep }> {
  if (machine === 'launch') {
    const { step, ...made } = await launching();
    return { made: await played(made), run: step };
  }
  const made = await safeWorld();
  return { run: await requested(made), made: await played(made) };
}

/** The entries of the strategy's ledger after the first of this type. */
export function entriesAfter({ store }: World, type: string): LedgerEntry[] {
  const all = (store.logs.get(STRATEGY) ?? []).map(({ text }) => LedgerEntry.parse(JSON.parse(text)));
  return all.slice(all.findIndex((entry) => entry.type === type) + 1);
}

function stateOfStep(machine: string, step: string): string {
  const states = Object.entries(definitionOf(machine).States);
  return states.find(([, { Arguments }]) => Arguments?.FunctionName === `\${${step}}`)?.[0] ?? '';
}

/** Whoever is asked signs, unless something happens first. What they are refused then is fine. */
async function peopleAnswer(made: Played, { runId }: RunStep, meanwhile: () => Promise<void>): Promise<void> {
  await meanwhile();
  for (const [kind, people] of ASKED) {
    const asked = await made.store.get('APPROVAL', approvalId({ runId }, kind));
    if (asked?.status !== 'open') continue;
    for (const caller of people)
      await decideApproval(
        asked.id,
        signedAnswer(made, caller, asked),
        `${caller.subject}/${kind}/${runId}`,
        portsOf(made),
      ).catch((error: unknown) => assert.ok(error instanceof Refusal));
  }
}

/** Each engine renews as it does every second, and takes what it is granted. */
export async function leasesRenewed(made: Played): Promise<void> {
  for (const { instanceId, clientId } of REGISTRATION.engines) {
    made.pass(10);
    const { epoch, lapsedEpoch } = made.engines.stateOf(instanceId);
    const sent = made.engines.instant();
    const renewal = { strategyId: STRATEGY, instanceId, clientId, epoch, lapsedEpoch, report: leaseReport(made) };
    made.pass(10);
    try {
      made.engines.take(instanceId, sent, await renewLease(renewal, portsOf(made)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'LeaseExpired') made.engines.lose(instanceId, Number(error.facts['epoch']));
    }
  }
}
