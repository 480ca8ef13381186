import type { DriftReview } from '../drift/drift-review.ts';
import type { StrategyId } from '../ids.ts';
import { readRiskLimits } from '../launch/read-risk-limits.ts';
import type { RiskLimits } from '../launch/risk-limits.ts';
import { type StrategyMonitors, settingsFor } from '../monitor/monitor-settings.ts';
import type { Registration } from '../registration.ts';
import { readAgain } from './read-again.ts';
import type { WatchdogPorts } from './watchdog-ports.ts';

/** What the watchdog reads once a minute: who is to be watched, and what it is judged by. What is left out could not be read yet. */
export type Known = {
  readonly registrations: readonly Registration[];
  /** The thresholds of each strategy. */
  readonly settings: ReadonlyMap<StrategyId, StrategyMonitors> | undefined;
  readonly limits: RiskLimits | undefined;
  /** The newest drift review of each strategy. */
  readonly drifts: ReadonlyMap<StrategyId, DriftReview> | undefined;
};

const ALL = { limit: 10_000 };

/** Whether there is everything that strategies are judged by. */
export const isComplete = ({ settings, limits, drifts }: Known): boolean =>
  settings !== undefined && limits !== undefined && drifts !== undefined;

/** Each part by itself, so that what cannot be read keeps nothing else from being known anew. Throws where nobody knows, nor ever knew, who is to be watched. */
export async function readKnown(before: Known | undefined, ports: WatchdogPorts): Promise<Known> {
  const again = <T>(what: string, earlier: T | undefined, read: () => Promise<T>) =>
    readAgain(earlier, read, (fault) =>
      ports.log({ outcome: 'fault', message: `${what} could not be read`, error: String(fault) }),
    );
  const { records } = ports;
  const [registrations, limits, drifts] = await Promise.all([
    again('registrations', before?.registrations, () => records.list('REGISTRATION', ALL)),
    again('limits', before?.limits, async () =>
      found(await readRiskLimits(ports), 'they are not there, or not in order'),
    ),
    again('drift reviews', before?.drifts, async () => newestOfEach(await records.list('DRIFT', ALL))),
  ]);
  if (!registrations) throw new Error('nobody knows who is to be watched');
  const settings = await again('thresholds', before?.settings, async () => {
    const monitors = found(await records.get('MONITORS', 'monitors'), 'none are registered');
    return new Map(registrations.map((each) => [each.id, settingsFor(monitors, each)]));
  });
  return { registrations, settings, limits, drifts };
}

function found<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}

/** Lists begin with the newest. */
const newestOfEach = (reviews: readonly DriftReview[]): Map<StrategyId, DriftReview> =>
  new Map(reviews.toReversed().map((review) => [review.strategyId, review]));
