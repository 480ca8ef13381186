import type { Run } from '../control-record.ts';

/** How the ledger calls what happens in a run that lets a strategy trade: `launch.live`, or `resume.live` of a resumption. */
export const eventOf = ({ machine }: Pick<Run, 'machine'>, what: string): string => `${wordOf({ machine })}.${what}`;

/** The word for such a run in entries, triggers and sentences. */
export const wordOf = ({ machine }: Pick<Run, 'machine'>): 'launch' | 'resume' =>
  machine === 'resume' ? 'resume' : 'launch';
