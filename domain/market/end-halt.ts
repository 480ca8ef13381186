import type { Changed } from '../change.ts';
import { changeLog } from '../change-log.ts';
import type { ActorId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { type Halt, keptHalts } from './halt.ts';
import { DESK, type Halted, type HaltPorts, what } from './halt-venue.ts';
import { venueIn } from './venue-in.ts';

export type EndHalt = { readonly mic: string; readonly haltId: string; readonly actor: ActorId; readonly key: string };

/** Runbook 1.3: trading is resumed at the venue. One that ended already stays ended as it did. Throws UnknownVenue, and NotFound for a halt that the venue does not have. */
export async function endHalt({ mic, haltId, actor, key }: EndHalt, ports: HaltPorts): Promise<Changed<Halted>> {
  const { id: venue } = await venueIn(mic, ports);
  return changeLog(
    DESK,
    { key, body: { endHalt: haltId, mic: venue } },
    async () => {
      const halts = (await ports.records.get('HALT', venue))?.halts ?? [];
      const halt = halts.find(({ id }) => id === haltId);
      if (!halt) return unknownHalt(venue, haltId);
      if (halt.endedAt !== undefined) return { entries: [], reply: told(venue, halt) };
      const now = ports.now();
      const ended: Halt = { ...halt, endedAt: now.toISOString(), endedBy: actor };
      const next = halts.map((each) => (each.id === haltId ? ended : each));
      return {
        entries: [{ type: 'venue.halt-ended', actor, payload: { mic: venue, halt: ended } }],
        records: [{ kind: 'HALT' as const, record: keptHalts(venue, next, now) }],
        reply: told(venue, ended),
      };
    },
    ports,
  );
}

const told = (mic: string, halt: Halt): Halted => ({
  mic,
  halt,
  summary: `the halt of ${what(mic, halt)} ended at ${halt.endedAt}`,
});

const unknownHalt = (mic: string, haltId: string) =>
  new Refusal('NotFound', `${mic} has no halt ${haltId.slice(0, 40)}`, 'look at the halts of the venue', { mic });
