import type { Caller } from '../approval/caller.ts';
import { enginesOf } from '../engine-instances.ts';
import type { RunId, StrategyId } from '../ids.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { runName } from '../run-name.ts';
import { cleanReason } from './clean-reason.ts';
import { type Latched, latchStrategy } from './latch-strategy.ts';
import { type InstanceStatus, pushHalt } from './push-halt.ts';
import { withDeadline } from './with-deadline.ts';

const LATCH_DEADLINE_MS = 3_000; // the halt is out long before; "not latched" is said only when waiting has no more sense
const PUSH_DEADLINE_MS = 1_000;
const LEASE_TTL_MS = 5_000;

export type ExecuteKill = { caller: Caller; strategyId: StrategyId; reason: unknown; commandId: string };

export type KillReply = {
  runId: RunId;
  mode: 'KILLED';
  epoch: number | null;
  /** halted: every instance said so. halting: some did. lease-bounded: none answered, their lease ends within `leaseBoundMs`. */
  status: 'halted' | 'halting' | 'lease-bounded';
  latched: boolean;
  instances: InstanceStatus[];
  leaseBoundMs: number;
  summary: string;
  wayBack: string;
  receipt?: Receipt;
};

export type KillPorts = Pick<Ports, 'strategies' | 'engines' | 'executions' | 'now'> & {
  /** From memory where it is there, so that a kill needs no store to find the engines. */
  registrationOf: (id: StrategyId) => Promise<Registration | undefined>;
  /** Monotonic milliseconds. */
  elapsedMs: () => number;
};

/**
 * The kill itself (architecture section 5, Kill path): latch and push start together, each with a deadline of its own;
 * then the machine is started, which repeats, verifies at the venues and asks for the confirmer. Refuses only an unknown
 * target. With the store out of reach the push still goes out, and the reply says that nothing is latched.
 */
export async function executeKill(
  { caller, strategyId, reason, commandId }: ExecuteKill,
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
    now,
  };
  const latching = withDeadline(latchStrategy(strategyId, command, ports), LATCH_DEADLINE_MS);
  const registration = withDeadline(ports.registrationOf(strategyId), LATCH_DEADLINE_MS);
  const pushing = registration.then(
    (known) =>
      known
        ? pushHalt(enginesOf(known), { commandId: runId, epoch: 0, reason: command.reason }, PUSH_DEADLINE_MS, ports)
        : [],
    () => [],
  );
  const starting = latching.then((latched) => latched && startMachine(runId, strategyId, latched, ports));
  const [latch, known, instances] = await Promise.all([
    settled(latching),
    settled(registration),
    pushing,
    settled(starting), // no engine that is slow to answer holds up the machine
  ]);
  if (latch.done && latch.value === undefined && !(known.done && known.value)) {
    throw new Refusal(
      'UnknownStrategy',
      `there is no strategy ${strategyId}`,
      'look at the list of strategies; nothing was halted',
      { strategyId },
    );
  }
  return replyOf(
    runId,
    strategyId,
    latch.done ? latch.value : undefined,
    instances,
    known.done ? (known.value?.leaseTtlMs ?? LEASE_TTL_MS) : LEASE_TTL_MS,
  );
}

/** A machine that cannot be started now does not fail the kill: the health tick starts it later. */
async function startMachine(
  runId: RunId,
  strategyId: StrategyId,
  { epoch }: Latched,
  { executions }: KillPorts,
): Promise<void> {
  await settled(withDeadline(executions.start('kill', runId, { strategyId, runId, epoch }), 500));
}

function replyOf(
  runId: RunId,
  id: StrategyId,
  latched: Latched | undefined,
  instances: InstanceStatus[],
  leaseBoundMs: number,
): KillReply {
  const halted = instances.filter(({ status }) => status === 'halted').length;
  const status = halted === 0 ? 'lease-bounded' : halted === instances.length ? 'halted' : 'halting';
  const known = `${halted} of ${instances.length} engine instances say they are halted`;
  const rest =
    status === 'halted' ? 'the venues are being checked' : `the lease bounds the others within ${leaseBoundMs} ms`;
  return {
    runId,
    mode: 'KILLED',
    epoch: latched?.epoch ?? null,
    status,
    latched: latched !== undefined,
    instances,
    leaseBoundMs,
    summary: `${latched ? `${id} is latched` : `${id} is NOT latched: the store did not answer, kill it again`}; ${known}; ${rest}`,
    wayBack:
      'a second person confirms the kill, a post-mortem is signed, two people recover it; only then a launch is allowed again',
    ...(latched?.receipt && { receipt: latched.receipt }),
  };
}

type Outcome<T> = { done: true; value: T } | { done: false };

const settled = <T>(promise: Promise<T>): Promise<Outcome<T>> =>
  promise.then(
    (value) => ({ done: true, value }) as const,
    () => ({ done: false }) as const,
  );
