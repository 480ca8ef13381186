import { sha256 } from './crypto/sha256.ts';
import { RunId, type StrategyId } from './ids.ts';
import type { Machine } from './machine.ts';

/** `<machine>-<strategy>-<yyyymmdd>-<short id>`, the short id derived from the command, so that a repeat names the same run. */
export function runName(machine: Machine, strategyId: StrategyId, command: string, now: Date): RunId {
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  return RunId.parse(`${machine}-${strategyId}-${date}-${sha256(command).toString('hex').slice(0, 12)}`);
}

/** Where the records of a run stand in the evidence bucket (product decision 17). */
export const reportsOf = (strategyId: StrategyId, runId: RunId, startedAt: string): string =>
  `reports/live/${startedAt.slice(0, 10)}/${strategyId}/${runId}`;
