import type { EngineInstance } from '../engine-instances.ts';
import type { Attestation, HaltReport, OpenOrder, Position, RiskStatus, Settlement, SmokeReport } from '../engine/engine-replies.ts';

/** What every command carries: the strategy, the fencing epoch, and an id that makes a repeat harmless. */
export type EngineCommand = { strategyId: string; epoch: number; commandId: string };
export type Deadline = { deadlineMs: number };

/**
 * The trading engine's instances (docs/engine-contract.md). Every call ends within its deadline; it throws an
 * `EngineUnreachable` refusal when no answer came, and `EngineRefused` when the engine said no.
 */
export interface Engines {
  arm(instance: EngineInstance, command: EngineCommand & { runId: string; artifactDigest: string; limitsDigest: string; maxOrdersPerSec: number }, deadline: Deadline): Promise<void>;
  halt(instance: EngineInstance, command: EngineCommand & { reason: string }, deadline: Deadline): Promise<HaltReport>;
  mode(instance: EngineInstance, command: EngineCommand & { mode: 'ACTIVE' | 'THROTTLED' | 'REDUCE_ONLY' | 'SAFE' }, deadline: Deadline): Promise<void>;
  throttle(instance: EngineInstance, command: EngineCommand & { maxOrdersPerSec: number }, deadline: Deadline): Promise<void>;
  cancelAll(instance: EngineInstance, command: EngineCommand, deadline: Deadline): Promise<{ cancelRequested: number }>;
  deploy(instance: EngineInstance, command: EngineCommand & { artifactDigest: string; parameters: unknown; limits: unknown }, deadline: Deadline): Promise<Attestation>;
  smoke(instance: EngineInstance, command: EngineCommand & { runId: string; windowMinutes: number }, deadline: Deadline): Promise<SmokeReport>;
  settle(instance: EngineInstance, command: EngineCommand, deadline: Deadline): Promise<Settlement>;
  riskStatus(instance: EngineInstance, deadline: Deadline): Promise<RiskStatus>;
  openOrders(instance: EngineInstance, deadline: Deadline): Promise<OpenOrder[]>;
  positions(instance: EngineInstance, deadline: Deadline): Promise<Position[]>;
}
