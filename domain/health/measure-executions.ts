import type { Run } from '../control-record.ts';
import type { Machine } from '../machine.ts';
import { REFUSAL_CODES } from '../refusal.ts';
import type { Reading } from './health-item.ts';
import type { HealthPorts } from './health-ports.ts';

const DAY_MS = 24 * 60 * 60_000;
const NEWEST = 500;
const NAMED = 5;

/** What makes trading safer: that one of these failed is bad, whatever it failed of. */
const SAFETY: readonly Machine[] = ['kill', 'stop', 'safe-mode', 'venue-instability'];

/**
 * Runs of the last 24 hours that failed, by the newest 500. A launch, recovery or review that was refused has done its work and does not
 * count. One after which the same machine ended well for the same strategy is mended.
 */
export async function measureExecutions({ records, now }: HealthPorts): Promise<Reading> {
  const since = new Date(now().getTime() - DAY_MS).toISOString();
  const ended = (await records.list('RUN', { limit: NEWEST })).filter(({ endedAt }) => (endedAt ?? '') >= since);
  const failed = ended.filter((run) => hasFailed(run) && !isMended(run, ended));
  const named = failed.slice(0, NAMED).map(({ id, status }) => `${id} ${status}`);
  const more = failed.length > NAMED ? [`and ${failed.length - NAMED} more`] : [];
  return {
    value: failed.length,
    detail: failed.length === 0 ? 'none failed within 24 hours' : [...named, ...more].join(', '),
    ...(failed.some(({ machine }) => SAFETY.includes(machine)) && { status: 'bad' as const }),
  };
}

const hasFailed = ({ status, machine, failure }: Run): boolean =>
  status !== 'SUCCEEDED' && !(status === 'FAILED' && isExpected(machine, failure));

/** What a rule refused is no fault of ours; a stop has nothing left to do once the strategy is killed. */
const isExpected = (machine: Machine, failure: Run['failure']): boolean =>
  SAFETY.includes(machine) ? failure?.code === 'StrategyKilled' : REFUSAL_CODES.some((code) => code === failure?.code);

const isMended = ({ strategyId, machine, endedAt }: Run, ended: readonly Run[]): boolean =>
  ended.some(
    (each) =>
      each.strategyId === strategyId &&
      each.machine === machine &&
      each.status === 'SUCCEEDED' &&
      String(each.endedAt) > String(endedAt),
  );
