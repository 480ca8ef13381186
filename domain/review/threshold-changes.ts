import * as z from 'zod';
import type { ThresholdChange } from './run-facts.ts';
import type { StoredEntry } from './stored-entry.ts';

/** What changes a threshold, a limit, a policy or an agreement (runbook 7.2), in the log of the strategy or in that of the desk. */
const CHANGES =
  /^(limits\.(proposed|applied)|override\.requested|freeze\.(set|lifted)|strategy\.registered|dashboard\.registered|calendar\.registered|communications\.registered|manifest-keys\.changed|manifest\.published|monitors\.|throttle\.|halt\.)/;
const MOST_WORDS = 300;

/** Every such change among these entries, with who made it and why, as far as the entry says. */
export const thresholdChanges = (log: string, entries: readonly StoredEntry[]): ThresholdChange[] =>
  entries
    .filter(({ entry }) => CHANGES.test(entry.type))
    .map(({ index, entry }) => ({
      ...{ log, entry: index, at: entry.at, type: entry.type, actor: entry.actor },
      what: saidBy(monitorsChanged(entry) ?? entry.payload),
    }));

const MonitorsChanged = z.object({
  ...{ by: z.string(), why: z.string(), ticket: z.string().optional() },
  changes: z.array(z.object({ path: z.string(), before: z.json(), after: z.json() })).default([]),
});

/** Of thresholds of monitoring: by whom, why, and each that is another one, from what to what. */
function monitorsChanged({ type, payload }: StoredEntry['entry']): Record<string, string | undefined> | undefined {
  const { data } = MonitorsChanged.safeParse(payload);
  if (type !== 'monitors.changed' || !data) return undefined;
  const { changes, ...told } = data;
  const all = changes.map(({ path, before, after }) => [path, `${JSON.stringify(before)} -> ${JSON.stringify(after)}`]);
  return { ...told, ...Object.fromEntries(all) };
}

/** Members that only machines read. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'changes',
  'document',
  'registration',
  'gates',
  'envelope',
  'thresholds',
  'plan',
]);

/** A payload in one line, `name: value` each, cut where it is long. */
export function saidBy(payload: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(payload)
    .filter(([name, value]) => !LEFT_OUT.has(name) && value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  return told.length > MOST_WORDS ? `${told.slice(0, MOST_WORDS)}…` : told;
}
