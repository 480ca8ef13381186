import type { Caller } from '../approval/caller.ts';
import { enginesOf } from '../engine-instances.ts';
import type { RunId, StrategyId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { KillSpool } from '../ports/kill-spool.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { runName } from '../run-name.ts';
import type { DeviceProof } from '../signature/device-proof.ts';
import type { ServiceProof } from '../signature/service-proof.ts';
import { cleanReason } from './clean-reason.ts';
import type { Kill } from './kill.ts';
import { type Latched, latchStrategy } from './latch-strategy.ts';
import { type InstanceStatus, pushHalt } from './push-halt.ts';
import { pushUntilKept } from './push-until-kept.ts';
import { spooledKillOf } from './spooled-kill.ts';
import { atOnce, type Turn } from './turns.ts';
import { withDeadline } from './with-deadline.ts';

const LATCH_DEADLINE_MS = 3_000; // the halt is out long before; "not latched" is said only when waiting has no more sense
const SPOOL_DEADLINE_MS = 3_000; // nothing else can keep it any more: who says too early that it is lost has lied when it is not
const PUSH_DEADLINE_MS = 1_000;
const LEASE_TTL_MS = 5_000;

/** A kill that the key of a device signed, with what it told the engines itself before, where it did; or one that a service signed. */
export type SignedKill<Proof = DeviceProof | ServiceProof> = {
  readonly proof: Proof;
  readonly direct?: ToldBefore | undefined;
};

/** What the engines were told before, without us, as the entries keep it: of one strategy, and of all of it. */
export type ToldBefore = {
  readonly of: (strategyId: StrategyId) => Readonly<Record<string, unknown>>;
  readonly inAll: Readonly<Record<string, unknown>>;
};

export type ExecuteKill = {
  caller: Caller;
  strategyId: StrategyId;
  reason: unknown;
  commandId: string;
  signed?: SignedKill | undefined;
};

export type KillReply = {
  runId: RunId;
  mode: 'KILLED';
  epoch: number | null;
  /** halted: every instance said so. halting: some did. lease-bounded: none answered, their lease ends within `leaseBoundMs`. */
  status: 'halted' | 'halting' | 'lease-bounded';
  latched: boolean;
  /** Not latched, but durably noted: it is latched as soon as the store is back, and nothing riskier happens before. */
  spooled: boolean;
  instances: InstanceStatus[];
  leaseBoundMs: number;
  summary: string;
  wayBack: string;
  receipt?: Receipt;
};

export type KillTurns = { keep: Turn; push: Turn; start: (work: () => Promise<void>) => Promise<void> };

export type KillPorts = Pick<Ports, 'strategies' | 'engines' | 'executions' | 'now'> & {
  spool: Pick<KillSpool, 'put'>;
  /** From memory where it is there, so that a kill needs no store to find the engines. */
  registrationOf: (id: StrategyId) => Promise<Registration | undefined>;
  /** Monotonic milliseconds. */
  elapsedMs: () => number;
  /** For one kill among many: when each may use the store, its engines, and the machines. At once when left out. */
  turns?: KillTurns;
};

/**
 * The kill itself (architecture section 5, Kill path): latch and push start together, each with a deadline of its own;
 * then the machine is started, which repeats, verifies at the venues and asks for the confirmer. With the store out of reach
 * the push goes out all the same, each second until it is known whether the kill is kept, and the kill goes into the spool; the
 * reply says which of both is durable. Refuses only an unknown target.
 */
export async function executeKill(
  { caller, strategyId, reason, commandId, signed }: ExecuteKill,
  ports: KillPorts,
): Promise<KillReply> {
  const now = ports.now();
  const runId = runName('kill', strategyId, `${caller.subject}/${commandId}`, now);
  const command = {
    actor: caller.subject,
    roles: caller.roles,
    reason: cleanReason(reason),
    runId,
    expiredForMs: caller.expiredForMs,
    aheadMs: caller.aheadMs,
    ...(signed && asSigned(strategyId, signed)),
    now,
  };
  const { turns = { keep: atOnce, push: atOnce, start: atOnce } } = ports;
  const begun = Promise.withResolvers<void>();
  const keeping = turns.keep(() => {
    begun.resolve();
    return keep(strategyId, command, ports);
  });
  const registration = withDeadline(ports.registrationOf(strategyId), LATCH_DEADLINE_MS);
  const order = { commandId: runId, epoch: 0, reason: command.reason };
  const pushing = registration.then(
    (known) => {
      if (!known) return [];
      const push = () => turns.push(() => pushHalt(enginesOf(known), order, PUSH_DEADLINE_MS, ports));
      return pushUntilKept(push, { begun: begun.promise, kept: keeping });
    },
    () => [],
  );
  const starting = keeping.then((kept) => turns.start(() => startMachine(runId, strategyId, kept, ports)));
  const [kept, known, instances] = await Promise.all([
    keeping,
    settled(registration),
    pushing,
    starting, // no engine that is slow to answer holds up the machine
  ]);
  const registered = known.done ? known.value : undefined;
  if (kept.in === 'nothing' && !registered) {
    throw new Refusal(
      'UnknownStrategy',
      `there is no strategy ${strategyId}`,
      'look at the list of strategies; nothing was halted',
      { strategyId },
    );
  }
  return replyOf(runId, strategyId, kept, instances, registered?.leaseTtlMs ?? LEASE_TTL_MS);
}

const asSigned = (strategyId: StrategyId, { proof, direct }: SignedKill): Pick<Kill, 'proof' | 'direct'> => ({
  proof,
  ...(direct && { direct: direct.of(strategyId) }),
});

/** Where the kill is durable: latched in the store, in the spool, nowhere (both failed), or nothing is there to kill. */
type Kept = ({ in: 'store' } & Latched) | { in: 'spool' } | { in: 'nowhere' } | { in: 'nothing' };

/** Latches; only where that failed, or took too long, the spool is asked. Never throws. */
async function keep(strategyId: StrategyId, command: Kill, ports: KillPorts): Promise<Kept> {
  const latching = await settled(withDeadline(latchStrategy(strategyId, command, ports), LATCH_DEADLINE_MS));
  if (latching.done) return latching.value ? { in: 'store', ...latching.value } : { in: 'nothing' };
  const spooling = await settled(withDeadline(ports.spool.put(strategyId, spooledKillOf(command)), SPOOL_DEADLINE_MS));
  return { in: spooling.done ? 'spool' : 'nowhere' };
}

/**
 * A machine that cannot be started now does not fail the kill: the health tick starts it later. That of a spooled kill begins
 * by draining the spool, and tries until the store is back.
 */
async function startMachine(
  runId: RunId,
  strategyId: StrategyId,
  kept: Kept,
  { executions }: KillPorts,
): Promise<void> {
  if (kept.in !== 'store' && kept.in !== 'spool') return;
  const input = { strategyId, runId, ...(kept.in === 'store' && { epoch: kept.epoch }) };
  await settled(withDeadline(executions.start('kill', runId, input), 500));
}

function replyOf(
  runId: RunId,
  id: StrategyId,
  kept: Kept,
  instances: InstanceStatus[],
  leaseBoundMs: number,
): KillReply {
  const halted = instances.filter(({ status }) => status === 'halted').length;
  const status = halted === 0 ? 'lease-bounded' : halted === instances.length ? 'halted' : 'halting';
  const known = `${halted} of ${instances.length} engine instances say they are halted`;
  const rest =
    status === 'halted' ? 'the venues are being checked' : `the lease bounds the others within ${leaseBoundMs} ms`;
  const latched = kept.in === 'store';
  return {
    runId,
    mode: 'KILLED',
    epoch: latched ? kept.epoch : null,
    status,
    latched,
    spooled: kept.in === 'spool',
    instances,
    leaseBoundMs,
    summary: `${keptText(id, kept)}; ${known}; ${rest}`,
    wayBack:
      'a second person confirms the kill, a post-mortem is signed, two people recover it; only then a launch is allowed again',
    ...(latched && kept.receipt && { receipt: kept.receipt }),
  };
}

function keptText(id: StrategyId, kept: Kept): string {
  if (kept.in === 'store') return `${id} is latched`;
  if (kept.in === 'spool')
    return `${id} is NOT latched yet: the store did not answer; the kill is durably spooled, and latched as soon as the store is back; nothing gets a lease or a launch before`;
  return `${id} is NOT latched: the store did not answer, kill it again`;
}

type Outcome<T> = { done: true; value: T } | { done: false };

const settled = <T>(promise: Promise<T>): Promise<Outcome<T>> =>
  promise.then(
    (value) => ({ done: true, value }) as const,
    () => ({ done: false }) as const,
  );
