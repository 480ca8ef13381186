import { alertId, type MonitorFinding } from './finding.ts';

/** Since when each finding has been found at every look, by the id of its alert, and when it was found last: all that the rules remember. */
export type Standing = ReadonlyMap<string, { readonly since: string; readonly at: string }>;

/** A look or two may miss it (two processes that renew in turns as one instance), and it still stands. */
export const FORGET_MS = 3_000;

/** What stands after one more look: hand it to the next sample of the strategy. At the start of a watch its open alerts are as good. */
export function standingAfter(before: Standing | undefined, findings: readonly MonitorFinding[], now: Date): Standing {
  const at = now.toISOString();
  const kept = [...(before ?? [])].filter(([, each]) => now.getTime() - Date.parse(each.at) <= FORGET_MS);
  const still = new Map(kept);
  for (const finding of findings) {
    const id = alertId(finding);
    still.set(id, { since: still.get(id)?.since ?? at, at });
  }
  return still;
}

/** For how many milliseconds it has stood: 0 when this is the first look that finds it. */
export function stoodMs(standing: Standing | undefined, id: string, now: Date): number {
  const stands = standing?.get(id);
  return stands ? Math.max(0, now.getTime() - Date.parse(stands.since)) : 0;
}
