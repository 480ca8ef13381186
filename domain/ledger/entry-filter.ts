import * as z from 'zod';
import { ActorId, RunId } from '../ids.ts';

const Time = z.iso.datetime({
  offset: true,
  error: 'a time has a date, a time of day and a zone, like 2026-11-24T12:00:00Z',
});

/** Which entries of a log are asked for; members are combined with AND. */
export const EntryFilter = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z][a-z-]*(\.[a-z][a-z-]*)*\.?$/, "a type is like kill.requested; 'kill.' is all that begin so")
    .optional(),
  actor: ActorId.optional(),
  run: RunId.optional(),
  ticket: z.string().min(1).max(64).optional(),
  /** Written then or later. */
  after: Time.optional(),
  /** Written earlier than that. */
  before: Time.optional(),
});
export type EntryFilter = z.infer<typeof EntryFilter>;

/** What a filter looks at. An entry that does not have it as it should is not found by it, and can still be read without one. */
const member = z.string().optional().catch(undefined);
const Searched = z.object({ type: member, actor: member, run: member, ticket: member, at: member }).catch({});

/** Whether an entry is among those that are asked for. */
export function matches(entry: unknown, { type, after, before, ...exact }: EntryFilter): boolean {
  const found = Searched.parse(entry);
  const at = Date.parse(found.at ?? '');
  return (
    (type === undefined || isOfType(found.type ?? '', type)) &&
    (['actor', 'run', 'ticket'] as const).every((name) => exact[name] === undefined || exact[name] === found[name]) &&
    (after === undefined || at >= Date.parse(after)) &&
    (before === undefined || at < Date.parse(before))
  );
}

const isOfType = (type: string, asked: string) => (asked.endsWith('.') ? type.startsWith(asked) : type === asked);
