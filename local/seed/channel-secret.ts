import * as z from 'zod';

const Entries = z.record(z.string(), z.unknown());

/**
 * What the secret of the channels holds after this start: an entry that somebody has put there stays; those of the sinks are made
 * anew, since the port may be another one now. A text that is no JSON object is somebody's work too.
 */
export const channelSecret =
  (ours: Readonly<Record<string, object>>) =>
  (text: string | undefined): string => {
    const kept = entriesIn(text);
    if (!kept) return text ?? '';
    const others = Object.entries(kept).filter(([, entry]) => !leadsHere(entry));
    return JSON.stringify({ ...ours, ...Object.fromEntries(others) });
  };

function entriesIn(text: string | undefined): Record<string, unknown> | undefined {
  try {
    return Entries.safeParse(JSON.parse(text ?? '{}')).data;
  } catch {
    return undefined; // somebody's, and to be mended by them
  }
}

const leadsHere = (entry: unknown): boolean => /http:\/\/127\.0\.0\.1:\d+\/sinks\//.test(JSON.stringify(entry));
