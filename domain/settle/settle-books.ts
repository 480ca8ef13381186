import type { Settled } from '../engine/command-replies.ts';
import type { OpenOrder } from '../engine/open-order.ts';
import type { VenueAccount } from '../engine/venue-account.ts';
import type { RunId, StrategyId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { compareCash, compareCounts, comparePositions, type Holding, silentOf, TOLERANCE } from './compare-holdings.ts';
import type { Settlement, SettlementLine } from './settlement.ts';

/** What one venue said of its account and of what rests there, and what one instance said after its flush; a refusal where it said nothing. */
export type Accounts = {
  readonly venues: readonly {
    venue: string;
    account: VenueAccount | Refusal;
    resting: readonly OpenOrder[] | Refusal;
  }[];
  readonly engines: readonly { instanceId: string; settled: Settled | Refusal }[];
};

/** Whose books, and when they were asked for. */
export type SettledFor = { readonly strategy: StrategyId; readonly run?: RunId; readonly at: string };

/** Runbook 4.4: compares positions, cash and open orders of both sides. Whoever said nothing is named, and the verdict is `unknown` then. */
export function settleBooks({ venues, engines }: Accounts, of: SettledFor): Settlement {
  const silent = [
    ...silentOf([...holdingsOf(venues), ...believedBy(engines)]),
    ...venues.flatMap(({ venue, account, resting }) => [
      ...(resting instanceof Refusal && !(account instanceof Refusal)
        ? [{ source: `venue ${venue}`, why: resting.message }]
        : []),
      ...(!(account instanceof Refusal) && account.cash === undefined
        ? [{ source: `venue ${venue}`, why: 'it does not tell its cash' }]
        : []),
    ]),
  ];
  const compared = compareAll({ venues, engines });
  const verdict = silent.length > 0 ? 'unknown' : compared.every(({ same }) => same) ? 'agrees' : 'differs';
  return {
    ...{ v: 1 as const, ...of, tolerance: TOLERANCE },
    venues: venues.map(venueTold),
    engines: engines.map(({ instanceId, settled }) => engineTold(instanceId, settled)),
    ...{ compared, silent, verdict },
  };
}

const holdingsOf = (venues: Accounts['venues']): Holding[] =>
  venues.map(({ venue, account }) => ({
    source: `venue ${venue}`,
    positions: account instanceof Refusal ? account : account.positions,
  }));

const believedBy = (engines: Accounts['engines']): Holding[] =>
  engines.map(({ instanceId, settled }) => ({
    source: `engine ${instanceId}`,
    positions: settled instanceof Refusal ? settled : settled.positions,
  }));

/** Where somebody is silent about something, what is told whole of all else is compared all the same: a difference seen is a difference. */
function compareAll({ venues, engines }: Accounts): SettlementLine[] {
  const told = venues.flatMap(({ account }) => (account instanceof Refusal ? [] : [account]));
  const flushed = engines.flatMap(({ settled }) => (settled instanceof Refusal ? [] : [settled]));
  if (told.length < venues.length || flushed.length < engines.length) return [];
  const cash = told.flatMap((each) => each.cash ?? []);
  const resting = venues.flatMap(({ resting: orders }) => (orders instanceof Refusal ? [] : [orders.length]));
  const positions = comparePositions(holdingsOf(venues), believedBy(engines));
  const money = compareCash(
    cash,
    flushed.map((each) => each.cash),
  );
  const orders = compareCounts(
    resting.reduce((total, count) => total + count, 0),
    flushed.flatMap(({ openOrders }) => openOrders).length,
  );
  return [
    ...positions.map((line) => ({ what: 'position' as const, ...line })),
    ...(cash.length === venues.length ? [{ what: 'cash' as const, ...money }] : []),
    ...(resting.length === venues.length ? [{ what: 'orders' as const, ...orders }] : []),
  ];
}

function venueTold({ venue: source, account, resting }: Accounts['venues'][number]): Settlement['venues'][number] {
  if (account instanceof Refusal) return { source, unknown: account.message };
  const { positions, cash } = account;
  const orders = resting instanceof Refusal ? [] : [...resting];
  return { source, positions, ...(cash !== undefined && { cash }), resting: orders };
}

function engineTold(source: string, settled: Settled | Refusal): Settlement['engines'][number] {
  if (settled instanceof Refusal) return { source, unknown: settled.message };
  const { positions, cash, pnl, openOrders } = settled;
  return { source, positions, cash, pnl, openOrders };
}
