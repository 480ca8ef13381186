import * as z from 'zod';
import { noteText } from '../review/note-text.ts';

/** Accepted as it is, or returned: the positions have to be corrected. Either way in the words of whoever decides. */
export const DriftDecision = z.strictObject({ decision: z.enum(['accept', 'return']), note: noteText(2_000) });
export type DriftDecision = z.infer<typeof DriftDecision>;
