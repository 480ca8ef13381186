import type { RunbookDigests } from './runbook-edition.ts';

/** Days within which the runbook has to be attested, once it is due for this reason. */
const GRACE_DAYS = { first: 14, quarter: 14, edition: 7, exercise: 7 } as const;
/** Days after which people are reminded: whoever attests at the end of the day is not told to in the morning. */
const QUIET_DAYS = { first: 7, quarter: 0, edition: 1, exercise: 1 } as const;
const DAY_MS = 86_400_000;

/** Why the runbook has to be attested (again). */
export type DueCode = keyof typeof GRACE_DAYS;
export type DueReason = {
  readonly code: DueCode;
  readonly says: string;
  readonly since: string;
  /** From when people are reminded of it, and until when it has to be done. */
  readonly remindFrom: string;
  readonly until: string;
};

/** `due` within its days of grace; `overdue` after them. */
export type AttestationDue = { readonly status: 'current' | 'due' | 'overdue'; readonly reasons: readonly DueReason[] };

export type DueFacts = {
  /** The edition that is deployed, and since when. */
  readonly edition: RunbookDigests & { readonly since: string };
  /** The newest signed statement about the runbook: when it was signed, and of which edition. */
  readonly attested?: (RunbookDigests & { readonly at: string }) | undefined;
  /** When live-trading exercises ended: runs that traded, drills among them. */
  readonly exercises: readonly string[];
  readonly now: Date;
};

/**
 * Whether the runbook has to be attested (its last sentence): once in every calendar quarter (UTC), after every live-trading exercise, and where another edition is
 * deployed than the one that was attested. One statement answers everything that came before it.
 */
export function attestationDue({ edition, attested, exercises, now }: DueFacts): AttestationDue {
  const reasons = attested
    ? [ofQuarter(attested.at, now), ofEdition(edition, attested), ofExercise(attested.at, exercises)]
    : [reason('first', 'it was never attested', edition.since)];
  const standing = reasons.filter((each) => each !== undefined);
  const isOver = standing.some(({ until }) => Date.parse(until) <= now.getTime());
  const late = isOver ? ('overdue' as const) : ('due' as const);
  return { status: standing.length === 0 ? 'current' : late, reasons: standing };
}

const reason = (code: DueCode, says: string, since: string): DueReason => ({
  ...{ code, says, since },
  remindFrom: daysAfter(since, QUIET_DAYS[code]),
  until: daysAfter(since, GRACE_DAYS[code]),
});

const daysAfter = (time: string, days: number): string => new Date(Date.parse(time) + days * DAY_MS).toISOString();

/** Since the first quarter in which it was not attested: what is overdue stays so when the next one begins. */
function ofQuarter(attestedAt: string, now: Date): DueReason | undefined {
  const attested = new Date(attestedAt);
  const next = Math.floor(attested.getUTCMonth() / 3) + 1;
  const since = new Date(Date.UTC(attested.getUTCFullYear(), next * 3, 1));
  if (since > now) return undefined;
  const said = `it was not attested in quarter ${Math.floor(since.getUTCMonth() / 3) + 1} of ${since.getUTCFullYear()}`;
  return reason('quarter', said, since.toISOString());
}

const ofEdition = ({ text, trace, since }: DueFacts['edition'], attested: RunbookDigests): DueReason | undefined =>
  text === attested.text && trace === attested.trace
    ? undefined
    : reason('edition', 'another edition is deployed than the one that was attested', since);

function ofExercise(attestedAt: string, exercises: readonly string[]): DueReason | undefined {
  const later = exercises.filter((ended) => Date.parse(ended) > Date.parse(attestedAt)).toSorted();
  const [first] = later;
  if (first === undefined) return undefined;
  return reason('exercise', `${later.length} live-trading exercises have ended since it was attested`, first);
}
