import type { Caller } from '../approval/caller.ts';
import type { RunId, StrategyId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { ControlRecords, Ledger } from '../ports/strategies.ts';
import type { Registration } from '../registration.ts';
import type { DeviceProof } from '../signature/device-proof.ts';
import { cleanReason } from './clean-reason.ts';
import { executeKill, type KillPorts, type KillReply, type KillTurns, type SignedKill } from './execute-kill.ts';
import { recordScopeKill } from './record-scope-kill.ts';
import { scopeIn } from './scope-in.ts';
import { type Scope, type ScopeLatch, scopedReason, scopesOf } from './scope-latch.ts';
import { scopeSummary } from './scope-summary.ts';
import { inTurns } from './turns.ts';
import { withDeadline } from './with-deadline.ts';

const REGISTRY_DEADLINE_MS = 1_000;
const GATE_MS = 500; // how long latching strategies waits for the latch of their scope; halting does not wait for it
const LATCH_DEADLINE_MS = 3_000;
const STORE_AT_A_TIME = 32;
const PUSHES_AT_A_TIME = 64;
const STARTS_AT_A_TIME = 16;
const STORE_PATIENCE_MS = 3_000; // then everybody's turn comes at once: what hangs holds up nobody
const PUSH_PATIENCE_MS = 2_000;
const START_UNTIL_MS = 5_500; // from the kill; the health tick starts what is left
const LEASE_TTL_MS = 5_000;

/** `scope` and `reason` as they came: form refuses no kill (product decision 2). */
export type KillScope = {
  caller: Caller;
  scope?: unknown;
  reason?: unknown;
  commandId: string;
  signed?: SignedKill<DeviceProof> | undefined;
};

/** What is known of one strategy, and never more; `detail` where its kill failed altogether. */
export type ScopedStatus = {
  strategyId: StrategyId;
  runId?: RunId;
  epoch: number | null;
  status: KillReply['status'];
  latched: boolean;
  spooled: boolean;
  instances: KillReply['instances'];
  detail?: string;
};

export type KillScopeReply = {
  scope: Scope;
  /** Nothing that the scope covers, now or later, gets a lease or a launch. */
  latched: boolean;
  /** False when the registry could not be read: then nobody was told to halt, and only the latch holds. */
  complete: boolean;
  counts: {
    strategies: number;
    latched: number;
    spooled: number;
    halted: number;
    halting: number;
    leaseBounded: number;
  };
  strategies: ScopedStatus[];
  /** Milliseconds from the kill until the last strategy was latched (or was not), and until the last engine had answered (or had not). */
  afterMs: { latched: number; told: number };
  leaseBoundMs: number;
  summary: string;
  wayBack: string;
  /** Of the entry in the log `desk`; absent when that could not be written, which holds up nothing. */
  receipt?: Receipt;
};

export type KillScopePorts = Omit<KillPorts, 'turns'> & {
  records: Pick<ControlRecords, 'latchScope'>;
  ledger: Pick<Ledger, 'append'>;
  /** All that are registered, from memory where the store does not answer. */
  registrations: () => Promise<readonly Registration[]>;
};

/**
 * Kills a desk, a venue, or everything (architecture section 5, Kill path): the scope is latched first, then every strategy
 * it covers is killed by the rule of a single kill, each in a run of its own. Halts go out at once; strategies are latched a
 * few at a time as soon as the scope is, or has not been within 500 ms; machines come last. What this does not reach is killed
 * by its own next lease, or by the health tick. Refuses only an unknown scope.
 */
export async function killScope(
  { caller, scope: asked, reason, commandId, signed }: KillScope,
  ports: KillScopePorts,
): Promise<KillScopeReply> {
  const begun = ports.elapsedMs();
  const registry = await answered(withDeadline(ports.registrations(), REGISTRY_DEADLINE_MS));
  const scope = scopeIn(asked, registry);
  const members = (registry ?? []).filter((each) => scopesOf(each).includes(scope));
  const latch: ScopeLatch = {
    id: scope,
    command: `${caller.subject}/${scope}/${commandId}`, // as executeKill names the runs of its strategies
    initiatedBy: caller.subject,
    initiatorRoles: [...caller.roles],
    reason: cleanReason(reason),
    ...(signed && { proof: signed.proof }),
    at: ports.now().toISOString(),
  };
  const latching = ports.records.latchScope(latch);
  const standing = answered(withDeadline(latching, LATCH_DEADLINE_MS));
  const recording = standing.then((stands) =>
    recordScopeKill(latch, { stands, members, caller, direct: signed?.direct }, ports),
  );
  const afterMs = { latched: 0, told: 0 };
  const turns = turnsAfter(answered(withDeadline(latching, GATE_MS)), { begun, afterMs }, ports);
  const killing = members.map(({ id }) =>
    killOne(
      { caller, strategyId: id, reason: scopedReason(scope, latch.reason), commandId: `${scope}/${commandId}`, signed },
      { ...ports, turns },
    ),
  );
  const [strategies, stands, receipt] = await Promise.all([Promise.all(killing), standing, recording]);
  const known = {
    scope,
    latched: stands !== undefined,
    complete: registry !== undefined,
    counts: countsOf(strategies),
    strategies,
    afterMs,
    leaseBoundMs: members.reduce((most, { leaseTtlMs }) => Math.max(most, leaseTtlMs), 0) || LEASE_TTL_MS,
  };
  return { ...known, ...scopeSummary({ ...known, recorded: receipt !== undefined }), ...(receipt && { receipt }) };
}

type Clock = { begun: number; afterMs: KillScopeReply['afterMs'] };

/** The store and the engines a bounded number at a time, each by itself; machines when all that can be latched is. */
function turnsAfter(gate: Promise<unknown>, { begun, afterMs }: Clock, { elapsedMs }: KillScopePorts): KillTurns {
  const [store, engines] = [inTurns(STORE_AT_A_TIME, STORE_PATIENCE_MS), inTurns(PUSHES_AT_A_TIME, PUSH_PATIENCE_MS)];
  const machines = inTurns(STARTS_AT_A_TIME, START_UNTIL_MS);
  const kept: Promise<unknown>[] = [];
  const note = (what: keyof Clock['afterMs']) => () => {
    afterMs[what] = Math.round(elapsedMs() - begun);
  };
  return {
    keep: (work) => {
      const keeping = gate.then(() => store(work)).finally(note('latched'));
      kept.push(keeping);
      return keeping;
    },
    push: (work) => engines(work).finally(note('told')),
    start: async (work) => {
      await Promise.allSettled(kept);
      await machines(async () => (elapsedMs() - begun < START_UNTIL_MS ? work() : undefined));
    },
  };
}

/** One kill among many: whatever becomes of it, the others go on. */
const killOne = (command: Parameters<typeof executeKill>[0], ports: KillPorts): Promise<ScopedStatus> =>
  executeKill(command, ports).then(
    ({ runId, epoch, status, latched, spooled, instances }) => ({
      ...{ strategyId: command.strategyId, runId, epoch, status, latched, spooled, instances },
    }),
    (error: unknown) => ({
      strategyId: command.strategyId,
      ...{ epoch: null, status: 'lease-bounded', latched: false, spooled: false, instances: [] },
      detail: String(error),
    }),
  );

function countsOf(strategies: readonly ScopedStatus[]): KillScopeReply['counts'] {
  const count = (counts: (status: ScopedStatus) => boolean) => strategies.filter(counts).length;
  return {
    strategies: strategies.length,
    latched: count(({ latched }) => latched),
    spooled: count(({ spooled }) => spooled),
    halted: count(({ status }) => status === 'halted'),
    halting: count(({ status }) => status === 'halting'),
    leaseBounded: count(({ status }) => status === 'lease-bounded'),
  };
}

const answered = <T>(promise: Promise<T>): Promise<T | undefined> => promise.catch(() => undefined);
