import type { Caller } from '../approval/caller.ts';
import type { GovernanceKey } from '../governance/governance-key.ts';
import type { ActorId, RunId, StrategyId } from '../ids.ts';
import type { KillSpool } from '../ports/kill-spool.ts';
import type { Ports } from '../ports/ports.ts';
import { runName } from '../run-name.ts';
import type { ServiceProof } from '../signature/service-proof.ts';
import type { Strategy } from '../strategy.ts';
import { cleanReason } from './clean-reason.ts';
import { executeKill, type KillReply } from './execute-kill.ts';
import { signAutomaticKill } from './sign-automatic-kill.ts';
import { withDeadline } from './with-deadline.ts';

const SIGN_DEADLINE_MS = 300; // no halt waits for a key
const READ_DEADLINE_MS = 300;

export type AutomaticKillCommand = {
  strategyId: StrategyId;
  reason: string;
  /** The service that decided it, e.g. `service:watchdog`. */
  by: ActorId;
  /** Made from what it is about, so that a repeat is the same kill. */
  commandId: string;
};

export type AutomaticKillPorts = Pick<Ports, 'strategies' | 'records' | 'engines' | 'executions' | 'now'> & {
  readonly spool: Pick<KillSpool, 'put'>;
  readonly governance: GovernanceKey;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
};

export type AutomaticKillReply =
  | ({ readonly changed: true } & KillReply)
  | { readonly changed: false; readonly runId: RunId; readonly latched: true; readonly summary: string };

/**
 * Product decisions 1 and 7: a kill that no person asked for, signed by the service key; a trader and a risk officer both confirm it then. From
 * here on it is the kill of anybody else: it latches and pushes at once. Where the key does not answer in time it goes out unsigned. What is
 * killed already is left as it is, and the reply says so. Refuses only an unknown strategy.
 */
export async function automaticKill(
  { strategyId, reason, by, commandId }: AutomaticKillCommand,
  ports: AutomaticKillPorts,
): Promise<AutomaticKillReply> {
  const caller: Caller = { subject: by, roles: [], scopes: [], amr: [] };
  const text = cleanReason(reason);
  const now = ports.now();
  const statement = {
    ...{ strategy: strategyId, run: runName('kill', strategyId, `${by}/${commandId}`, now) },
    ...{ reason: text, by, at: now.toISOString() },
  };
  const [state, proof] = await Promise.all([
    inTime<Strategy | undefined>(ports.strategies.read(strategyId), READ_DEADLINE_MS),
    inTime<ServiceProof>(signAutomaticKill(statement, ports.governance), SIGN_DEADLINE_MS),
  ]);
  if (state?.latch)
    return {
      ...{ changed: false, runId: state.latch.runId, latched: true },
      summary: `${strategyId} is killed already: ${state.latch.reason}`,
    };
  const signed = proof && { proof };
  const registrationOf = (id: StrategyId) => ports.records.get('REGISTRATION', id);
  const reply = await executeKill(
    { caller, strategyId, reason: text, commandId, signed },
    { ...ports, registrationOf, now: () => now },
  );
  return { changed: true, ...reply };
}

/** Nothing where it failed or took too long: a kill does without. */
const inTime = <T>(promise: Promise<T>, ms: number): Promise<T | undefined> =>
  withDeadline<T | undefined>(promise, ms).catch(() => undefined);
