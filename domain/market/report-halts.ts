import type { ActorId, StrategyId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import { canonicalJson } from '../ledger/canonical-json.ts';
import type { Registration } from '../registration.ts';
import { type Halt, keptHalts, type ReportedHalt, standingHalts, type VenueHalts } from './halt.ts';
import { DESK, type HaltPorts, haltId } from './halt-venue.ts';

export type HaltReport = {
  readonly strategyId: StrategyId;
  readonly instanceId: string;
  /** The client of the instance. */
  readonly actor: ActorId;
  readonly venues: Registration['venues'];
  /** All that the venue halts now, and what the instance told the last time. */
  readonly now: readonly ReportedHalt[];
  readonly before: readonly ReportedHalt[];
};

const MAX_STANDING = 100;

/**
 * Runbook 1.3: takes in the halts that an engine instance knows of, each once, and ends those that it does not report any more. Halts of
 * venues that are not the strategy's are not its business. Nothing is read where nothing changed since the last report.
 */
export async function reportHalts(report: HaltReport, ports: HaltPorts): Promise<void> {
  if (canonicalJson(report.now) === canonicalJson(report.before)) return;
  const told = new Set([...report.now, ...report.before].map(({ venue }) => venue));
  for (const { id } of report.venues.filter((venue) => told.has(venue.id)))
    await ports.ledger.commitTo(
      DESK,
      async () => decide(id, report, await ports.records.get('HALT', id), ports.now()),
      ports.now(),
    );
}

/** The rule for one venue: what is new begins, what is not reported any more ends. One that a person ended stays ended, as long as it is the same halt. */
function decide(mic: string, report: HaltReport, stored: VenueHalts | undefined, now: Date) {
  const halts = stored?.halts ?? [];
  const wanted = report.now.filter(({ venue }) => venue === mic).map((each) => haltOf(mic, each, report));
  const gone = halts.filter((halt) => isMine(halt, report) && !wanted.some(({ id }) => id === halt.id));
  const room = Math.max(0, MAX_STANDING - standingHalts(stored, now).length);
  const fresh = wanted.filter((each) => !isKnown(each, halts, report)).slice(0, room);
  const ended = gone.map((halt): Halt => ({ ...halt, endedAt: now.toISOString(), endedBy: report.actor }));
  const changed = new Set([...fresh, ...ended].map(({ id }) => id));
  const next = [...halts.filter(({ id }) => !changed.has(id)), ...ended, ...fresh];
  return {
    entries: [
      ...fresh.map((halt) => ({ type: 'venue.halted', actor: report.actor, payload: { mic, halt } })),
      ...ended.map((halt) => ({ type: 'venue.halt-ended', actor: report.actor, payload: { mic, halt } })),
    ],
    records: [{ kind: 'HALT' as const, record: keptHalts(mic, next, now) }],
    reply: undefined,
  };
}

const reporterOf = ({ strategyId, instanceId }: HaltReport): string => `${strategyId}/${instanceId}`;

const isMine = ({ reportedBy, endedAt }: Halt, report: HaltReport): boolean =>
  reportedBy === reporterOf(report) && endedAt === undefined;

const isKnown = ({ id }: Halt, halts: readonly Halt[], { actor }: HaltReport): boolean =>
  halts.some((halt) => halt.id === id && halt.endedBy !== actor);

function haltOf(mic: string, { instrument, since, reason }: ReportedHalt, report: HaltReport): Halt {
  const reportedBy = reporterOf(report);
  return {
    id: haltId(canonicalJson([reportedBy, mic, since, instrument ?? null])),
    ...(instrument !== undefined && { instrument }),
    ...{ reason: cleanReason(reason), since, source: 'engine', by: report.actor, reportedBy },
  };
}
