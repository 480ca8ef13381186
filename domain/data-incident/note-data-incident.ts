import * as z from 'zod';
import { type Changed, change } from '../change.ts';
import type { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { DataIncident } from './data-incident.ts';

const MOST_NOTES = 200;

export const NoteRequest = z.strictObject({ text: z.string().trim().min(1).max(2000) });
export type NoteRequest = z.infer<typeof NoteRequest>;

export type NoteDataIncident = {
  incident: string;
  actor: ActorId;
  request: NoteRequest;
  /** Idempotency-Key, bound to the caller. */
  key: string;
};

type NotePorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;

/** The incident of that id, as it is now. Refuses with NotFound. */
export async function readDataIncident(id: string, { records }: Pick<Ports, 'records'>): Promise<DataIncident> {
  const incident = await records.get('DATAINCIDENT', id);
  if (incident) return incident;
  throw new Refusal('NotFound', `there is no data incident ${id.slice(0, 100)}`, 'look at the list of data incidents');
}

/** Runbook 5.2.3: what a person has seen, decided or done, in the ledger and in the incident; also after its end. Refuses what is not there, and the 201st note. */
export async function noteDataIncident(
  { incident: id, actor, request, key }: NoteDataIncident,
  ports: NotePorts,
): Promise<Changed<{ incident: string; notes: number; summary: string }>> {
  const { strategyId } = await readDataIncident(id, ports);
  return change(
    strategyId,
    { key, body: { id, ...request } },
    async (state) => {
      const incident = await readDataIncident(id, ports);
      if (incident.notes.length >= MOST_NOTES)
        return new Refusal('InvalidRequest', `${id} holds ${MOST_NOTES} notes already`, 'write it down elsewhere');
      const notes = [...incident.notes, { at: ports.now().toISOString(), by: actor, text: request.text }];
      return {
        state,
        entries: [
          { type: 'data-incident.noted', actor, run: incident.runId, payload: { incident: id, text: request.text } },
        ],
        records: [{ kind: 'DATAINCIDENT', record: { ...incident, notes, version: incident.version + 1 } }],
        reply: { incident: id, notes: notes.length, summary: `noted at ${id}` },
      };
    },
    ports,
  );
}
