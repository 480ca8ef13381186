import { adoptAlerts } from '../alert/adopt-alerts.ts';
import { keepDriftReviews } from '../drift/keep-drift-reviews.ts';
import { targetsOf } from '../drift/targets-of.ts';
import { inTurns } from '../kill/turns.ts';
import type { StrategyMonitors } from '../monitor/monitor-settings.ts';
import { isTrading } from '../monitor/rules/told.ts';
import type { Sample } from '../monitor/sample.ts';
import { isComplete, readKnown } from './known.ts';
import { putMeasurements } from './put-measurements.ts';
import { readAgain } from './read-again.ts';
import { readTargets } from './read-targets.ts';
import type { TickOf, TickPorts } from './tick.ts';

type Duty = {
  readonly name: string;
  /** When it is done first, in milliseconds since the first tick, and how often from then on. */
  readonly firstMs: number;
  readonly eachMs: number;
  readonly perform: (of: TickOf, ports: TickPorts) => Promise<void>;
};

const MINUTE_MS = 60_000;
/** Twelve values a minute are enough for a chart, and are cheap to keep. */
const MEASURE_MS = 5_000;
/** Until all is there that strategies are judged by. */
const MISSING_MS = 5_000;
const AT_A_TIME = 16;
const PATIENCE_MS = 5_000;

/**
 * What is done now and then beside the looks, each part by itself. Drift is brought before people (runbook 3.3) well after reviews were read, since lists of
 * records lag: a review that another watch has just opened is known by then.
 */
const DUTIES: readonly Duty[] = [
  { name: 'portfolio targets', firstMs: 2_000, eachMs: MINUTE_MS, perform: learnTargets },
  { name: 'drift reviews', firstMs: 10_000, eachMs: MINUTE_MS, perform: reviewDrift },
  { name: 'what is missing', firstMs: MISSING_MS, eachMs: MISSING_MS, perform: learnWhatIsMissing },
  { name: 'what is known', firstMs: MINUTE_MS, eachMs: MINUTE_MS, perform: learn },
  { name: 'open alerts', firstMs: MINUTE_MS, eachMs: MINUTE_MS, perform: takeInAlerts },
  { name: 'measurements', firstMs: MEASURE_MS, eachMs: MEASURE_MS, perform: measure },
  {
    name: 'sending measurements',
    firstMs: MINUTE_MS,
    eachMs: MINUTE_MS,
    perform: async (_of, { metrics }) => metrics.flush(),
  },
];

/** Begins what is due by now and was not begun yet; `done` counts how often each was. */
export function besideTheLooks(of: TickOf, sinceMs: number, done: Map<string, number>, ports: TickPorts): void {
  for (const { name, firstMs, eachMs, perform } of DUTIES) {
    const due = Math.floor((sinceMs - firstMs) / eachMs) + 1;
    if (due <= (done.get(name) ?? 0)) continue;
    done.set(name, due);
    of.background.add(name, perform(of, ports));
  }
}

async function measure({ memory, known }: TickOf, ports: TickPorts): Promise<void> {
  putMeasurements(memory.samples, known, ports);
}

async function learn({ memory, known }: TickOf, ports: TickPorts): Promise<void> {
  memory.known = await readKnown(known, ports);
}

async function learnWhatIsMissing(of: TickOf, ports: TickPorts): Promise<void> {
  if (!isComplete(of.known)) await learn(of, ports);
}

async function takeInAlerts({ memory }: TickOf, { records }: TickPorts): Promise<void> {
  adoptAlerts(await records.all('ALERT'), memory.alerts);
}

/** Only of what trades and tells none itself. */
async function learnTargets({ memory }: TickOf, ports: TickPorts): Promise<void> {
  const turn = inTurns(AT_A_TIME, PATIENCE_MS);
  const wanted = memory.samples.filter(
    (sample) => isTrading(sample.state.mode) && 'missing' in targetsOf({ ...sample, targets: undefined }),
  );
  await Promise.all(wanted.map((sample) => turn(() => learnTargetsOf(sample, memory.targets, ports))));
}

async function learnTargetsOf(
  { state: { id } }: Sample,
  targets: TickOf['memory']['targets'],
  ports: TickPorts,
): Promise<void> {
  const failed = (fault: unknown) =>
    ports.log({ outcome: 'fault', message: 'targets could not be read', strategyId: id, error: String(fault) });
  targets.set(id, await readAgain(targets.get(id), () => readTargets(id, ports), failed));
}

/** Whoever does not know which reviews stand would open another one of each. Those of strategies that could not be looked at stay as they are. */
async function reviewDrift({ memory, known }: TickOf, ports: TickPorts): Promise<void> {
  const { drifts } = known;
  if (!drifts) throw new Error('nobody knows which drift reviews stand');
  const samples = memory.samples.map((sample) => ({ ...sample, drift: drifts.get(sample.state.id) }));
  const settingsOf = ({ state: { id } }: Sample): StrategyMonitors => {
    const settings = known.settings?.get(id);
    if (!settings) throw new Error(`the thresholds of ${id} are not known`);
    return settings;
  };
  const { standing, faults } = await keepDriftReviews(samples, settingsOf, ports);
  const lookedAt = new Set(samples.map(({ state: { id } }) => id));
  const others = [...drifts].filter(([id]) => !lookedAt.has(id));
  memory.known = { ...known, ...memory.known, drifts: new Map([...others, ...standing]) };
  for (const fault of faults)
    ports.log({ outcome: 'fault', message: 'a drift review could not be kept', error: String(fault) });
}
