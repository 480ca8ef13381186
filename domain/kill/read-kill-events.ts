import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { KILL_EVENTS_FOLDER } from './kill-events-folder.ts';

const KillEvent = z.looseObject({ event: z.string(), at: z.string(), strategy: z.string(), run: z.string() });
export type KillEvent = z.infer<typeof KillEvent>;

/** Runbook 5.1.2: `observability/audit/kill_events.jsonl`, rendered from its fragments, oldest first. Throws on a fragment that is none, or gone. */
export async function readKillEvents({ evidence }: Pick<Ports, 'evidence'>): Promise<KillEvent[]> {
  const keys = await evidence.list(KILL_EVENTS_FOLDER);
  const events = await Promise.all(keys.map((key) => eventAt(key, evidence)));
  return events.toSorted((left, right) => left.at.localeCompare(right.at));
}

async function eventAt(key: string, evidence: Ports['evidence']): Promise<KillEvent> {
  const document = await evidence.read(key);
  if (!document) throw new Error(`${key} was listed and is not there: evidence does not go away by itself`);
  return KillEvent.parse(JSON.parse(new TextDecoder().decode(document.bytes)));
}
