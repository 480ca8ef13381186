import { liveText } from '../commands/flag.ts';
import type { StrategyView } from '../replies.ts';
import { drainLines } from './drain.ts';
import { duration, type Paint, utc } from './marks.ts';
import { pairs, table } from './table.ts';

/** One line for each strategy: may it trade, and if not, the first reason. */
export const strategyTable = (paint: Paint, views: readonly StrategyView[]): string =>
  table(
    paint,
    ['strategy', 'mode', 'may trade', 'live.enabled', 'lease', 'open orders', 'waits for'],
    views.map((view) => [
      view.id,
      view.mode,
      view.tradingAllowed ? 'yes' : `no: ${view.whyNot[0] ?? 'unknown'}`,
      liveText(view.flag.live),
      view.leases.map(leaseAge).join(', ') || 'none',
      openOrdersText(view),
      view.openApprovals.flatMap(({ missingRoles }) => missingRoles).join(', ') || '-',
    ]),
    'no strategy is registered',
  );

/** Everything about one strategy: the first failing reason on top, all the others below it. */
export function strategyDetail(paint: Paint, view: StrategyView, now: Date): string {
  const facts = pairs(paint, [
    ['strategy', `${view.id} (${view.desk}, ${view.environment})`],
    ['mode', `${view.mode}, epoch ${view.epoch}`],
    ['may trade', view.tradingAllowed ? 'yes' : `no: ${view.whyNot[0] ?? 'unknown'}`],
    ...view.whyNot.slice(1).map((reason) => ['', `and: ${reason}`] as const),
    ['live.enabled', liveText(view.flag.live)],
    ['orders per s', view.maxOrdersPerSec],
    ...restrictionFacts(view),
    ['run', view.run?.id],
    ['killed', view.latch?.reason],
    ['ledger', `${view.ledger.size} entries, root ${view.ledger.root}`],
  ]);
  const engines = table(
    paint,
    ['engine', 'mode', 'lease', 'open orders', 'pnl'],
    view.leases.map((lease) => [
      lease.instanceId,
      lease.mode,
      leaseAge(lease),
      lease.openOrders ?? 'unknown',
      pnlText(lease.pnl),
    ]),
    'no engine has renewed a lease',
  );
  const waits = view.openApprovals.map(
    ({ id, kind, missingRoles, expiresAt }) =>
      `▶ ${kind} ${id}: needs ${missingRoles.join(' and ')}, until ${utc(expiresAt)}`,
  );
  const stops = [...drainLines(view, now), ...haltLines(view), ...leftLines(view)];
  const below = stops.length > 0 ? ['', ...stops] : [];
  return [facts, '', engines, ...below, ...(waits.length > 0 ? ['', ...waits] : [])].join('\n');
}

/** What holds it back: the approved rate, each cause, and which engine was not yet seen to obey. */
function restrictionFacts({ restriction }: StrategyView): [string, string][] {
  if (!restriction) return [];
  const { approvedOrdersPerSec, causes, effect } = restriction;
  const late = effect.filter(({ inForce }) => !inForce).map(({ instanceId }) => instanceId);
  return [
    ['approved', `${approvedOrdersPerSec} orders/s, which two people restore: resume`],
    ...causes.map(({ reason, by, at, until }): [string, string] => [
      'held back',
      `${reason} (${by}, ${utc(at)}${until ? `; asked about at ${utc(until)}` : ''})`,
    ]),
    ['in force', late.length === 0 ? 'at every engine' : `not seen yet at ${late.join(', ')}`],
  ];
}

const haltLines = ({ plannedHalts }: StrategyView): string[] =>
  (plannedHalts ?? [])
    .filter(({ status }) => status === 'scheduled')
    .map(({ id, at }) => `stops at ${utc(at)} as ${id}, unless it is cancelled before`);

const leftLines = ({ ordersLeft }: StrategyView): string[] =>
  (ordersLeft ?? []).map(
    ({ venue, orderId, instrument }) => `left resting with a signature: ${venue} ${orderId} ${instrument}`,
  );

/** How many orders the engine instances say are open; one that says nothing makes the sum unknown, not smaller. */
export function openOrdersText({ leases }: StrategyView): string {
  const counts = leases.map(({ openOrders }) => openOrders);
  return counts.includes(null) || counts.includes(undefined)
    ? 'unknown'
    : String(counts.reduce<number>((sum, count) => sum + (count ?? 0), 0));
}

const leaseAge = ({ ageMs }: StrategyView['leases'][number]) => `${duration(ageMs)} old`;

function pnlText(pnl: StrategyView['leases'][number]['pnl']): string {
  if (!pnl) return '-';
  return `${pnl.realised.toFixed(2)} realised, ${pnl.unrealised.toFixed(2)} open ${pnl.currency}`;
}
