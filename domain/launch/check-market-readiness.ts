import type { StoredCalendar, VenueCalendar } from '../market/calendar.ts';
import { type Halt, standingHalts } from '../market/halt.ts';
import { localTime } from '../market/local-time.ts';
import { type VenueState, venueState } from '../market/venue-state.ts';
import { type EvidenceRef, type Finding, finding, postponement, warning } from './finding.ts';

const WARNED_DAYS = 30;

/** A venue of the strategy as far as it is known: no calendar where the deployed configuration has none. */
export type VenueReadiness = {
  readonly mic: string;
  readonly stored: StoredCalendar | undefined;
  readonly halts: readonly Halt[];
};

export type MarketReadiness = {
  readonly venues: readonly VenueReadiness[];
  /** What the strategy may trade, by its approved limits; where that is not known every halted instrument is one of its own. */
  readonly instruments: readonly string[] | undefined;
  /** Minutes before the open from which a launch may begin (product decision 4). */
  readonly leadMinutes: number;
  readonly now: Date;
};

/**
 * Runbook 1.3 for every venue: holiday or halt postpones, and says until when; closed but opening within the lead is a go, and orders
 * start at the open. A venue without a calendar, or beyond what it covers, is a no-go: nobody may take it for open.
 */
export const checkMarketReadiness = (market: MarketReadiness): Finding[] =>
  market.venues.flatMap((venue) => [
    checkCalendar(venue, market),
    ...warnOfTheEnd(venue, market),
    ...checkHalts(venue, market),
  ]);

/** A calendar is renewed before it ends: from then on nothing can be launched at its venue. */
function warnOfTheEnd({ mic, stored }: VenueReadiness, { now }: MarketReadiness): Finding[] {
  if (!stored || Date.parse(stored.calendar.covers.to) - now.getTime() > WARNED_DAYS * 86_400_000) return [];
  const seen = {
    check: `calendar.${mic}`,
    expected: `to cover the next ${WARNED_DAYS} days`,
    actual: `over on ${stored.calendar.covers.to}: add the next year`,
    evidence: evidenceOf(mic, stored, now),
  };
  return [warning('CalendarNotCovering', seen)];
}

function checkCalendar({ mic, stored }: VenueReadiness, { leadMinutes, now }: MarketReadiness): Finding {
  const expected = `open, or opening within ${leadMinutes} minutes`;
  const seen = (actual: string) => ({
    check: `venue.${mic}`,
    expected,
    actual,
    evidence: evidenceOf(mic, stored, now),
  });
  if (!stored) return finding(false, 'CalendarNotCovering', seen('without a calendar in config/venues'));
  const { calendar } = stored;
  const state = venueState(calendar, now);
  if (state.state === 'unknown') return finding(false, 'CalendarNotCovering', seen(notCovered(calendar)));
  if (state.state === 'open') return finding(true, 'LaunchPostponed', seen(openText(calendar, state)));
  const { opensAt } = state;
  if (!opensAt) return finding(false, 'CalendarNotCovering', seen(`closed, and ${notCovered(calendar)}`));
  const actual = `closed${state.closedFor ? ` (${state.closedFor})` : ''}; it opens at ${told(calendar, opensAt)}`;
  return opensAt.getTime() - now.getTime() <= leadMinutes * 60_000
    ? finding(true, 'LaunchPostponed', seen(`${actual}: orders start at the open`))
    : postponement(seen(actual), opensAt.toISOString());
}

const evidenceOf = (mic: string, stored: StoredCalendar | undefined, now: Date): EvidenceRef => ({
  source: `config/venues/${mic.toLowerCase()}.yaml`,
  ...(stored && { hash: stored.digest }),
  observedAt: now.toISOString(),
});

const notCovered = ({ covers }: VenueCalendar): string =>
  `its calendar covers ${covers.from} to ${covers.to} and no opening after now`;

const openText = (calendar: VenueCalendar, { closesAt }: Extract<VenueState, { state: 'open' }>): string =>
  closesAt ? `open until ${told(calendar, closesAt)}` : 'open around the clock';

/** A moment in UTC and on the clocks of the venue. */
const told = (calendar: VenueCalendar, at: Date): string => `${at.toISOString()} (${localTime(calendar, at)})`;

function checkHalts({ mic, stored, halts }: VenueReadiness, { instruments, now }: MarketReadiness): Finding[] {
  const concerned = standingHalts({ halts: [...halts] }, now).filter(
    ({ instrument }) => instrument === undefined || !instruments || instruments.includes(instrument),
  );
  const evidence = { source: `halts of ${mic}`, observedAt: now.toISOString() };
  return concerned.map(({ id, instrument, reason, since, until }) =>
    postponement(
      {
        check: `halt.${mic}${instrument === undefined ? '' : `.${instrument}`}`,
        expected: 'no trading halt',
        actual: `halted since ${since} (${id}): ${reason}${until ? `; until ${stored ? told(stored.calendar, new Date(until)) : until}` : ''}`,
        evidence,
      },
      until,
    ),
  );
}
