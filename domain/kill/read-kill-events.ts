import * as z from 'zod';
import type { Ports } from '../ports/ports.ts';
import { KILL_EVENTS_FOLDER } from './kill-events-folder.ts';

const KillEvent = z.looseObject({ event: z.string(), at: z.string(), strategy: z.string(), run: z.string() });
export type KillEvent = z.infer<typeof KillEvent>;

/** Runbook 5.1.2: `observability/audit/kill_events.jsonl`, rendered from its fragments, oldest first. Throws on a fragment that is none. */
export async function readKillEvents({ evidence }: Pick<Ports, 'evidence'>): Promise<KillEvent[]> {
  const documents = await Promise.all((await evidence.list(KILL_EVENTS_FOLDER)).map((key) => evidence.read(key)));
  return documents
    .flatMap((document) => (document ? [eventIn(document.bytes)] : []))
    .toSorted((left, right) => (left.at < right.at ? -1 : 1));
}

const eventIn = (bytes: Uint8Array): KillEvent => KillEvent.parse(JSON.parse(new TextDecoder().decode(bytes)));
