import { change, readRegistration, readStrategy } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import type { ActorId, RunId, StrategyId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import { type InstanceStatus, pushHalt } from '../kill/push-halt.ts';
import { withDeadline } from '../kill/with-deadline.ts';
import type { Receipt } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import type { SafeModeCause } from './safe-mode.ts';
import { type Suspended, suspendTrading } from './suspend-trading.ts';

const PUSH_DEADLINE_MS = 1_000;
const START_DEADLINE_MS = 500; // what could not be started now the health tick starts

export type EnterSafeMode = {
  strategyId: StrategyId;
  cause: SafeModeCause;
  reason: unknown;
  actor: ActorId;
  /** Made from what asks for it, so that a repeat is the same safe mode. */
  runId: RunId;
  /** The strategy as whoever asks has just read it: then the halt waits for no read. */
  known?: { readonly state: Strategy; readonly registration: Registration } | undefined;
};

export type SafeModeReply = Suspended & {
  /** What is known of each engine instance; empty where there was nothing to halt. */
  instances: InstanceStatus[];
  /** Within how many milliseconds an instance that was not reached is bounded by its lease. */
  leaseBoundMs: number;
  receipt?: Receipt | undefined;
};

export type SafeModePorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & {
  readonly engines: Pick<Ports['engines'], 'halt'>;
  readonly executions: Pick<Ports['executions'], 'start'>;
};

/**
 * Runbook 5.2.1, and the pre-emptive halt of 3.4: SAFE at a new epoch, and in the same moment the halt goes to every engine, latched there until
 * an arm; then the machine is started, which proves it at the venues. It cannot be refused for form. Does nothing, and says so, where the
 * strategy is as safe as that. Throws UnknownStrategy, and Contended when others write all the time; the halt is out by then.
 */
export async function enterSafeMode(command: EnterSafeMode, ports: SafeModePorts): Promise<SafeModeReply> {
  const { strategyId, cause, actor, runId } = command;
  const key = { key: `${runId}/enter`, body: { strategyId, runId } };
  const { state, registration, isRepeat } = command.known
    ? { ...command.known, isRepeat: false }
    : await readFirst(strategyId, key.key, ports);
  const rule = { cause, reason: cleanReason(command.reason), actor, runId, now: ports.now() };
  const foreseen = suspendTrading(state, rule).reply;
  const pushing = foreseen.changed && !isRepeat ? push(registration, foreseen.epoch, rule, ports) : [];
  const { reply, receipt } = await change(strategyId, key, (now) => suspendTrading(now, rule), ports);
  const [instances] = await Promise.all([pushing, start(strategyId, reply, runId, ports)]);
  return { ...reply, instances, leaseBoundMs: registration.leaseTtlMs, ...(receipt && { receipt }) };
}

/** What was entered under this very name already is not pushed at an epoch that never comes. */
async function readFirst(strategyId: StrategyId, key: string, ports: SafeModePorts) {
  const [state, registration, earlier] = await Promise.all([
    readStrategy(strategyId, ports),
    readRegistration(strategyId, ports),
    ports.records.get('COMMAND', key),
  ]);
  return { state, registration, isRepeat: earlier !== undefined };
}

/** At the epoch that is about to be: a halt that knows less would fence the resumption that comes next, too. */
const push = (
  registration: Registration,
  epoch: number,
  { runId, reason }: { readonly runId: RunId; readonly reason: string },
  ports: Pick<SafeModePorts, 'engines'>,
): Promise<InstanceStatus[]> =>
  pushHalt(enginesOf(registration), { commandId: `${runId}/halt`, epoch, reason }, PUSH_DEADLINE_MS, ports);

async function start(
  strategyId: StrategyId,
  { changed, runId, epoch }: Suspended,
  own: RunId,
  { executions }: SafeModePorts,
): Promise<void> {
  if (!changed || runId !== own) return;
  await withDeadline(executions.start('safe-mode', runId, { strategyId, runId, epoch }), START_DEADLINE_MS).catch(
    () => undefined,
  );
}
