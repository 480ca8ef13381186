import type { Attestation } from '../engine/attestation.ts';
import type { Armed, CancelRequested, Halted, InForce, Probed, Settled } from '../engine/command-replies.ts';
import type { OpenOrder } from '../engine/open-order.ts';
import type { Position } from '../engine/position.ts';
import type { RiskStatus } from '../engine/risk-status.ts';
import type { SmokeReport } from '../engine/smoke-report.ts';
import type { TradingMode } from '../engine/trading-mode.ts';
import type { EngineInstance } from '../engine-instances.ts';

/** Every command names its strategy, the epoch it belongs to (a lower one than the engine's is refused, but for `halt`), and itself, so that a repeat is one command. */
export type EngineCommand = { readonly strategyId: string; readonly epoch: number; readonly commandId: string };

export type HaltCommand = EngineCommand & { readonly reason: string };
export type ArmCommand = EngineCommand & {
  readonly runId: string;
  readonly artifactDigest: string;
  readonly limitsDigest: string;
  readonly maxOrdersPerSec: number;
};
/** `leave` names the orders that stay when the engine cancels what rests, from now on; left out, it stays as it was told before. A halt cancels those too. */
export type ModeCommand = EngineCommand & {
  readonly mode: TradingMode;
  readonly leave?: { venue: string; orderId: string }[];
};
export type ThrottleCommand = EngineCommand & { readonly maxOrdersPerSec: number };
export type DeployCommand = EngineCommand & {
  readonly artifactDigest: string;
  readonly parameters: unknown;
  readonly limits: unknown;
};
/** `order` puts out one order at each of the venues, which cannot fill; `lose-lease` ends the lease in the engine at once. */
export type ProbeCommand = EngineCommand & {
  readonly runId: string;
  readonly kind: 'order' | 'lose-lease';
  readonly venues: readonly string[];
};
export type SmokeCommand = EngineCommand & { readonly runId: string; readonly windowMinutes: number };

/** How long the whole call may take, in milliseconds. */
export type Deadline = { readonly deadlineMs: number };

/**
 * The trading engines (docs/engine-contract.md). Every call ends within its deadline: with the parsed reply, with
 * `EngineUnreachable` (no usable answer: nothing is known about what the engine did), or with `EngineRefused` (it said no;
 * its own code is in `facts.code`). Both are Refusals by those names.
 */
export interface Engines {
  /** Any epoch; latched and persisted by the engine; resting orders are being cancelled when this returns. */
  halt(instance: EngineInstance, command: HaltCommand, deadline: Deadline): Promise<Halted>;
  /** The only way out of a halt or an expired lease. */
  arm(instance: EngineInstance, command: ArmCommand, deadline: Deadline): Promise<Armed>;
  mode(instance: EngineInstance, command: ModeCommand, deadline: Deadline): Promise<InForce>;
  /** Orders per second; 0 means stop. */
  throttle(instance: EngineInstance, command: ThrottleCommand, deadline: Deadline): Promise<InForce>;
  cancelAll(instance: EngineInstance, command: EngineCommand, deadline: Deadline): Promise<CancelRequested>;
  deploy(instance: EngineInstance, command: DeployCommand, deadline: Deadline): Promise<Attestation>;
  smoke(instance: EngineInstance, command: SmokeCommand, deadline: Deadline): Promise<SmokeReport>;
  /** Rehearses a halt of an instance that is not armed. */
  probe(instance: EngineInstance, command: ProbeCommand, deadline: Deadline): Promise<Probed>;
  settle(instance: EngineInstance, command: EngineCommand, deadline: Deadline): Promise<Settled>;
  riskStatus(instance: EngineInstance, deadline: Deadline): Promise<RiskStatus>;
  openOrders(instance: EngineInstance, deadline: Deadline): Promise<OpenOrder[]>;
  positions(instance: EngineInstance, deadline: Deadline): Promise<Position[]>;
}
