import * as z from 'zod';
import { changeLog } from '../change-log.ts';
import { ActorId } from '../ids.ts';
import { digestOf } from '../ledger/digest.ts';
import { type StoredCalendar, VenueCalendar } from './calendar.ts';
import { DESK, type HaltPorts } from './halt-venue.ts';

/** The calendars as CloudFormation hands them over: JSON text, as the strategies. They were judged when the template was made. */
export const Calendars = z.string().transform((text, context) => {
  const parsed = z.array(VenueCalendar).safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
  return z.NEVER;
});

/** Brings the calendars of the deployed configuration into the control table, each change with an entry in the ledger of the desk. One that is as it was changes nothing; one that is gone stays, for launches that were judged on it. */
export async function registerCalendars(
  calendars: readonly VenueCalendar[],
  version: string,
  ports: HaltPorts,
): Promise<{ summary: string }> {
  for (const calendar of calendars) await registerCalendar(calendar, version, ports);
  return { summary: `${calendars.length} calendars registered` };
}

async function registerCalendar(calendar: VenueCalendar, version: string, ports: HaltPorts): Promise<void> {
  const { mic, covers, sources } = calendar;
  const record: StoredCalendar = { id: mic, digest: digestOf(calendar), calendar };
  const known = await ports.records.get('CALENDAR', mic);
  if (known?.digest === record.digest) return;
  const payload = { mic, digest: record.digest, ...(known && { before: known.digest }), covers, sources, version };
  await changeLog(
    DESK,
    { key: `calendar/${mic}/${version}`, body: { mic, digest: record.digest } },
    async () => ({
      entries: [{ type: 'calendar.registered', actor: ActorId.parse('service:deployment'), payload }],
      records: [{ kind: 'CALENDAR', record }],
      reply: undefined,
    }),
    ports,
  );
}
