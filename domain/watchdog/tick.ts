import { keepAlerts } from '../alert/keep-alerts.ts';
import { noteFindings } from '../alert/note-findings.ts';
import type { StrategyId } from '../ids.ts';
import type { MonitorFinding } from '../monitor/finding.ts';
import { standingAfter } from '../monitor/standing.ts';
import { actOnFindings } from './act-on-findings.ts';
import type { Background } from './background.ts';
import type { Deeds } from './deeds.ts';
import { inTime } from './in-time.ts';
import { type Judge, judgeSamples, notJudged } from './judge-samples.ts';
import type { Known } from './known.ts';
import { readSamples } from './read-samples.ts';
import type { WatchMemory } from './watch-memory.ts';
import type { WatchdogPorts } from './watchdog-ports.ts';

export type TickPorts = WatchdogPorts & { readonly deeds: Deeds; readonly judge: Judge };

/** What a tick knows, and where it leaves what it begins. */
export type TickOf = { readonly known: Known; readonly memory: WatchMemory; readonly background: Background };

/** A look that takes longer is given up: the next one is better. In milliseconds. */
const LOOK_MS = 5_000;
/** How alerts are kept while no thresholds are known. */
const ALERTS_UNTIL_KNOWN = { resolveAfterSeconds: 30, recountSeconds: 60 };

/**
 * Runbook 3: one look at every strategy. It reads, judges, and begins what the findings ask for: first what makes trading safer, then what tells people.
 * Neither is waited for, so that no slow engine or strategy holds up the next look. Throws when it could not read.
 */
export async function tick({ known, memory, background }: TickOf, ports: TickPorts): Promise<void> {
  const { deeds, standing, alerts } = memory;
  const { samples, unread } = await inTime('a look', LOOK_MS, readSamples(known, memory, ports), ports.pause);
  memory.samples = samples;
  const judged = judgeSamples(samples, { known, deeds, judge: ports.judge });
  for (const { sample, findings } of judged)
    for (const deed of actOnFindings(sample, findings, deeds, ports)) background.add('a deed', deed);

  const seen = judged.map(({ sample, findings }) => ({ id: sample.state.id, findings }));
  const unseen = [...unread].map(([id, why]) => ({ id, findings: [notJudged(id, why)] }));
  const now = ports.now();
  for (const { id, findings } of seen) keepStanding(id, findings, standing, now);
  const settingsOf = (id: StrategyId) => known.settings?.get(id)?.alerts ?? ALERTS_UNTIL_KNOWN;
  noteFindings(
    [...seen, ...unseen].map(({ id, findings }) => ({ state: { id }, findings, settings: settingsOf(id) })),
    alerts,
    now,
  );
  background.add('alerts', writeAlerts(memory, ports));
}

function keepStanding(
  id: StrategyId,
  findings: readonly MonitorFinding[],
  all: WatchMemory['standing'],
  now: Date,
): void {
  const next = standingAfter(all.get(id), findings, now);
  if (next.size > 0) all.set(id, next);
  else all.delete(id);
}

/** What cannot be written now is written at a later look. */
async function writeAlerts({ samples, alerts }: WatchMemory, ports: TickPorts): Promise<void> {
  const states = samples.map(({ state }) => state);
  const { failed } = await keepAlerts(states, alerts, ports);
  for (const { strategyId, why } of failed)
    ports.log({ outcome: 'fault', message: 'alerts could not be written yet', strategyId, error: why });
}
