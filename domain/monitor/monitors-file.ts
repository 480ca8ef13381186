import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { MonitorOverrides, type Monitors, StrategyMonitors, settingsFor } from './monitor-settings.ts';
import { soundMonitors } from './sound-monitors.ts';

/** What the file may speak of: the strategies that are configured, and the venues that have a calendar. */
export type Watched = {
  readonly strategies: readonly { readonly id: string; readonly primaryVenue: string }[];
  readonly venues: readonly string[];
};

/** Who changed the thresholds last, and why: it goes into the ledger with them. */
const Changed = z.strictObject({
  by: z.string().min(1).max(128),
  why: z.string().min(1).max(500),
  ticket: z.string().min(1).max(100).optional(),
});

const Shape = z.strictObject({
  changed: Changed,
  defaults: StrategyMonitors,
  venues: z.record(z.string(), MonitorOverrides).default({}),
  strategies: z.record(z.string(), MonitorOverrides).default({}),
});
export type MonitorsFile = z.infer<typeof Shape>;

/**
 * `config/monitors.yaml`: who changed it and why, every threshold of monitoring once, and what a venue or a strategy has instead. Refused are venues,
 * strategies and members that nobody knows, and thresholds that make no sense together or are looser than the runbook, each where it is written.
 */
export const monitorsFile = ({ strategies, venues }: Watched) =>
  Shape.pipe(z.custom<MonitorsFile>()).superRefine((file, context) => {
    const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    const ids = strategies.map(({ id }) => id);
    judgeNames(file.venues, venues, (name) => refuse(['venues', name], `${name} is no venue with a calendar`));
    judgeNames(file.strategies, ids, (name) =>
      refuse(['strategies', name], `${name} is no strategy; there are ${ids.join(', ')}`),
    );
    judgeSettings(file.defaults, ['defaults'], refuse);
    for (const [mic, own] of Object.entries(file.venues)) judgeSettings(over(file, mic), ['venues', mic], refuse, own);
    for (const { id, primaryVenue } of strategies)
      judgeSettings(over(file, primaryVenue, id), ['strategies', id], refuse, file.strategies[id] ?? {});
  });

/** The file as it is stored, with the digest of its thresholds. */
export const monitorsOf = ({ changed, defaults, venues, strategies }: MonitorsFile): Monitors => ({
  id: 'monitors',
  digest: digestOf({ defaults, venues, strategies }),
  changed,
  ...{ defaults, venues, strategies },
});

function judgeNames(said: object, known: readonly string[], refuse: (name: string) => void): void {
  for (const name of Object.keys(said)) if (!known.includes(name)) refuse(name);
}

const NOBODY = StrategyId.parse('nobody');

const over = (file: MonitorsFile, primaryVenue: string, id?: string): StrategyMonitors =>
  settingsFor(file, { id: id === undefined ? NOBODY : StrategyId.parse(id), primaryVenue });

type Refuse = (path: PropertyKey[], message: string) => void;

/** Only what this part of the file says itself is its mistake. */
function judgeSettings(
  settings: StrategyMonitors,
  path: string[],
  refuse: Refuse,
  own: MonitorOverrides = settings,
): void {
  const isOwn = ([group, ...rest]: readonly string[]) => group !== undefined && hasIn(own, [group, ...rest]);
  for (const { parts, message } of soundMonitors(settings)) {
    const mine = parts.find(isOwn);
    if (mine) refuse([...path, ...mine], message);
  }
}

function hasIn(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true;
  return (
    typeof value === 'object' && value !== null && Object.hasOwn(value, step) && hasIn(Reflect.get(value, step), rest)
  );
}
