import type { EngineInstance } from '../engine-instances.ts';
import { type Finding, finding } from '../launch/finding.ts';
import type { FlagReading } from '../ports/flags.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import { openBlockers, type PostMortem } from '../post-mortem/post-mortem.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { type OpenPosition, positionsText, type VenuePositions } from './open-positions.ts';
import type { StoredLog } from './verify-stored-log.ts';

const DEADLINE_MS = 3_000;

/** No kill waits in the spool, and no entry of one waits for the ledger. */
export function checkDrained({ spooledKills, pendingEntries }: Strategy, spooled: boolean, at: string): Finding[] {
  const evidence = { source: 'spool and control table', observedAt: at };
  const waiting = pendingEntries.length;
  return [
    finding(!spooled, 'KillSpooled', {
      ...{ check: 'spool.empty', expected: 'no kill waits', evidence },
      actual: spooled ? `kill ${spooledKills} waits to be taken in` : 'no kill waits',
    }),
    finding(waiting === 0, 'KillSpooled', {
      ...{ check: 'ledger.pending', expected: 'no entry waits for the ledger', evidence },
      actual: waiting === 0 ? 'no entry waits for the ledger' : `${waiting} entries wait`,
    }),
  ];
}

/** The strategy's own log recomputes to its signed tree. */
export const checkLedger = ({ sound, what }: StoredLog, at: string): Finding =>
  finding(sound, 'LedgerNotProved', {
    ...{
      check: 'ledger.verifies',
      expected: 'every stored entry fits the newest checkpoint and the head',
      actual: what,
    },
    evidence: { source: 'ledger table', observedAt: at },
  });

/** `live.enabled` is readably false: a flag that cannot be read proves nothing. */
export const checkFlag = ({ live }: FlagReading, at: string): Finding =>
  finding(live === false, 'FlagNotOff', {
    ...{ check: 'flag.off', expected: 'live.enabled is false' },
    actual: live === undefined ? 'live.enabled cannot be read' : `live.enabled is ${live}`,
    evidence: { source: 'AppConfig', observedAt: at },
  });

/** The venue itself says that nothing rests. */
export async function checkNothingRests(
  venue: Venue,
  { id }: Strategy,
  { venues }: Pick<Ports, 'venues'>,
  at: string,
): Promise<Finding> {
  const check = { check: `venue.${venue.id}.orders`, expected: 'nothing rests' };
  const evidence = { source: `venue ${venue.id}`, observedAt: at };
  const orders = await answered(venues.openOrders(venue, id));
  if (orders instanceof Refusal)
    return finding(false, 'VenueUnreachable', { ...check, actual: `not known: ${orders.message}`, evidence });
  const actual = orders.length === 0 ? 'nothing rests' : `${orders.length} orders rest`;
  return finding(orders.length === 0, 'OrdersResting', { ...check, actual, evidence });
}

/** Nothing is held, or no more of anything than two people have accepted. */
export function checkPositions(
  { venue, open, unreachable }: VenuePositions,
  accepted: readonly OpenPosition[],
  at: string,
): Finding {
  const own = accepted.filter((each) => each.venue === venue);
  const check = `venue.${venue}.positions`;
  const expected = own.length === 0 ? 'no open position' : `at most what was accepted: ${positionsText(own)}`;
  const evidence = { source: `venue ${venue}`, observedAt: at };
  if (unreachable !== undefined)
    return finding(false, 'VenueUnreachable', { check, expected, actual: `not known: ${unreachable}`, evidence });
  const beyond = open.filter((each) => !isAccepted(each, own));
  return finding(beyond.length === 0, 'ExposureNotAccepted', {
    check,
    expected,
    actual: positionsText(open),
    evidence,
  });
}

/** Closing some of it by hand does not undo what was accepted; turning it round, or holding more, does. */
const isAccepted = ({ instrument, quantity }: OpenPosition, accepted: readonly OpenPosition[]): boolean =>
  accepted.some(
    (each) =>
      each.instrument === instrument &&
      Math.sign(each.quantity) === Math.sign(quantity) &&
      Math.abs(quantity) <= Math.abs(each.quantity),
  );

/** The instance says itself that it is halted, that it runs this strategy, and that it knows this epoch, so that nothing older arms it. */
export async function checkEngine(
  instance: EngineInstance,
  { id, epoch }: Strategy,
  { engines }: Pick<Ports, 'engines'>,
  at: string,
): Promise<Finding> {
  const check = { check: `engine.${instance.instanceId}`, expected: `halted, ${id}, epoch ${epoch}` };
  const evidence = { source: `engine ${instance.instanceId}`, observedAt: at };
  const status = await answered(engines.riskStatus(instance, { deadlineMs: DEADLINE_MS }));
  if (status instanceof Refusal)
    return finding(false, 'EngineUnreachable', { ...check, actual: `not known: ${status.message}`, evidence });
  const actual = `${status.halted ? 'halted' : 'not halted'}, ${status.strategyId}, epoch ${status.epoch}`;
  return finding(actual === check.expected, 'EngineNotHalted', { ...check, actual, evidence });
}

/** Every corrective action that blocks recovery is done. */
export function checkActions(postMortem: PostMortem, at: string): Finding {
  const open = openBlockers(postMortem);
  return finding(open.length === 0, 'ActionsOpen', {
    ...{ check: 'post-mortem.actions', expected: 'every action that blocks recovery is done' },
    actual:
      open.length === 0
        ? 'every action that blocks recovery is done'
        : `open: ${open.map(({ number, action }) => `${number}. ${action.text}`).join('; ')}`,
    evidence: { source: postMortem.file, hash: postMortem.digest, observedAt: at },
  });
}

/** An expected no is an answer too. */
const answered = <T>(asked: Promise<T>): Promise<T | Refusal> =>
  asked.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    return error;
  });
