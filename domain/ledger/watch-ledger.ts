import * as z from 'zod';
import type { EventBus } from '../ports/event-bus.ts';

const Image = z.record(z.string(), z.record(z.string(), z.unknown()));

/** The ledger table's stream (new and old images), as DynamoDB hands it to a function. */
export const LedgerStream = z.object({
  Records: z.array(
    z.object({
      eventID: z.string(),
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) }),
        OldImage: Image.optional(),
        NewImage: Image.optional(),
      }),
    }),
  ),
});
export type LedgerStream = z.infer<typeof LedgerStream>;

type WatchPorts = {
  readonly bus: EventBus;
  /** Raises the alarm that on-call hears (a metric that an alarm watches). */
  readonly alarm: (what: string, facts: Record<string, unknown>) => void;
  /** Keeps what an entry was before, and what it became: create-once, in the locked bucket. */
  readonly alarms: { readonly createOnce: (key: string, content: string) => Promise<unknown> };
};

/**
 * An entry of the ledger is only ever inserted. Whatever else the stream tells is tampering: both images are kept in the locked
 * bucket, the bus is told, the alarm is raised. A record that comes twice is kept once.
 */
export async function watchLedger({ Records }: LedgerStream, ports: WatchPorts): Promise<{ summary: string }> {
  const touched = Records.filter(({ eventName }) => eventName !== 'INSERT');
  for (const { eventID, eventName, dynamodb } of touched) {
    const facts = { log: dynamodb.Keys.pk.S, sequence: dynamodb.Keys.sk.S, eventName, eventID };
    ports.alarm('an entry of the ledger was changed or removed', facts); // first: the rest may fail, and is tried again
    await ports.alarms.createOnce(`ledger-alarms/${eventID}.json`, JSON.stringify({ ...facts, ...dynamodb }));
    await ports.bus.publish('ledger.tampered', { ...facts, what: `${eventName} of an entry` });
  }
  return {
    summary: touched.length === 0 ? `${Records.length} inserts` : `${touched.length} entries were tampered with`,
  };
}
