import type { ProbeOrder } from '../engine/command-replies.ts';
import type { EngineInstance } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import type { ProbedPath, ProbeWay, Trial } from './kill-path-report.ts';
import type { ProbeTarget } from './probe-targets.ts';
import { notProved, untilEmpty, untilResting } from './resting-at.ts';

const DEADLINE_MS = 5_000;
/** An order nearer to the market than this could fill: a probe of it proves something else. */
const DISTANCE = 0.2;

/** One instance that is being probed. `attempt` makes the commands of a repeated step others than those of its first try. */
export type ProbeSession = {
  readonly command: RunStep;
  readonly instance: EngineInstance;
  readonly targets: readonly ProbeTarget[];
  readonly attempt: string;
  /** Throws when the run is over: a kill wins over its rehearsal. Asked before anything is put out. */
  readonly fence: () => Promise<void>;
};
type ProbePorts = Pick<Ports, 'engines' | 'venues' | 'jitter' | 'now'>;
type Outcome<Value> = Value | Refusal;

/** Rehearses the three ways in which this instance must come to rest at each venue, one after the other; it is halted at the end, and stays so. */
export async function probeInstance(session: ProbeSession, ports: ProbePorts): Promise<Trial[]> {
  return [
    ...(await tryCancel(session, ports)),
    ...(await tryLeaseLoss(session, ports)),
    ...(await tryBlock(session, ports)),
  ];
}

/** Our own read-and-cancel credentials, at the venue itself. */
async function tryCancel(session: ProbeSession, ports: ProbePorts): Promise<Trial[]> {
  const placed = await placeOrders(session, 'cancel', ports);
  return tried(session, 'cancel', placed, ports, async (target, order) => {
    if (order) await untilResting(order.orderId, placeOf(session, target), ports);
    const { refused } = await ports.venues.cancelAll(target.venue, session.command.strategyId);
    if (refused[0]) throw notProved(`the venue refused our cancel: ${refused[0].reason}`);
    await untilEmpty(placeOf(session, target), ports);
    return order
      ? `order ${order.orderId} rested, and was cancelled with our own key`
      : 'our key reads and cancels there';
  });
}

/** The engine's own reaction to a lease that is over. */
async function tryLeaseLoss(session: ProbeSession, ports: ProbePorts): Promise<Trial[]> {
  const placed = await placeOrders(session, 'lease-loss', ports);
  const seen = await outcomesOf(session, placed, ports);
  const lost = await outcome(() => loseLease(session, ports));
  return tried(session, 'lease-loss', placed, ports, async (target, order) => {
    const rested = seen.get(target.venue.id);
    if (rested instanceof Refusal) throw rested;
    if (lost instanceof Refusal) throw lost;
    await untilEmpty(placeOf(session, target), ports);
    return order
      ? `the engine cancelled order ${order.orderId} by itself, and is SAFE`
      : 'the engine is SAFE without a lease';
  });
}

/** A real halt: the engine must refuse the next order by that very word. */
async function tryBlock(session: ProbeSession, ports: ProbePorts): Promise<Trial[]> {
  const halted = await outcome(() => halt(session, ports));
  const placed = await placeOrders(session, 'block', ports);
  return tried(session, 'block', new Map(), ports, async (target) => {
    if (halted instanceof Refusal) throw halted;
    const said = placed.get(target.venue.id);
    if (said && !(said instanceof Refusal)) throw notProved('a halted engine put out an order');
    if (said && said.facts['code'] !== 'Halted') throw said;
    await untilEmpty(placeOf(session, target), ports);
    return said ? 'halted, it refused the next order' : 'it says that it is halted';
  });
}

const placeOf = ({ command }: ProbeSession, { venue }: ProbeTarget) => ({ venue, strategyId: command.strategyId });

type Placed = ReadonlyMap<string, Outcome<ProbeOrder>>;

/** Has one order put out at each venue that takes one. A venue that is not in the answer takes none. */
async function placeOrders(session: ProbeSession, path: ProbedPath, ports: ProbePorts): Promise<Placed> {
  const venues = session.targets.filter(({ probed }) => probed.way === 'order').map(({ venue }) => venue.id);
  if (venues.length === 0) return new Map();
  await session.fence();
  const said = await outcome(() => probe(session, { kind: 'order', venues, path }, ports));
  return new Map(venues.map((id) => [id, said instanceof Refusal ? said : orderAt(id, said.placed)]));
}

function orderAt(venue: string, placed: readonly ProbeOrder[]): Outcome<ProbeOrder> {
  const order = placed.find((each) => each.venue === venue);
  if (!order) return notProved('the engine put out no order there');
  const distance = Math.abs(order.price - order.referencePrice) / order.referencePrice;
  return distance >= DISTANCE ? order : notProved(`its order is only ${Math.round(distance * 100)} % from the market`);
}

const outcomesOf = async (session: ProbeSession, placed: Placed, ports: ProbePorts) =>
  new Map(
    await Promise.all(
      session.targets.map(async (target): Promise<[string, Outcome<void>]> => {
        const order = placed.get(target.venue.id);
        if (!order || order instanceof Refusal) return [target.venue.id, undefined]; // judged where it is tried
        return [target.venue.id, await outcome(() => untilResting(order.orderId, placeOf(session, target), ports))];
      }),
    ),
  );

async function loseLease(session: ProbeSession, ports: ProbePorts): Promise<void> {
  const { leaseLost } = await probe(session, { kind: 'lose-lease', venues: [], path: 'lease-loss' }, ports);
  if (!leaseLost) throw notProved('the engine did not let go of its lease');
  const { mode } = await ports.engines.riskStatus(session.instance, { deadlineMs: DEADLINE_MS });
  if (mode !== 'SAFE') throw notProved(`the engine is ${mode} without a lease`);
}

async function halt({ instance, command, attempt }: ProbeSession, { engines }: ProbePorts): Promise<void> {
  const { strategyId, epoch, runId } = command;
  const order = { strategyId, epoch, commandId: `${runId}/probe-halt/${attempt}`, reason: 'the kill path is probed' };
  await engines.halt(instance, order, { deadlineMs: DEADLINE_MS });
  const { halted } = await engines.riskStatus(instance, { deadlineMs: DEADLINE_MS });
  if (!halted) throw notProved('the engine says that it is not halted');
}

type Probing = { readonly kind: 'order' | 'lose-lease'; readonly venues: readonly string[]; readonly path: ProbedPath };

function probe({ instance, command, attempt }: ProbeSession, { kind, venues, path }: Probing, { engines }: ProbePorts) {
  const { strategyId, epoch, runId } = command;
  const order = { strategyId, epoch, runId, commandId: `${runId}/probe-${path}-${kind}/${attempt}`, kind, venues };
  return engines.probe(instance, order, { deadlineMs: DEADLINE_MS });
}

/** An expected no is an outcome here: it says what was not proved. */
async function outcome<Value>(work: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error;
  }
}

/** Judges one path at every venue of the instance. */
function tried(
  { targets, instance }: ProbeSession,
  path: ProbedPath,
  placed: Placed,
  { now }: ProbePorts,
  judge: (target: ProbeTarget, order: ProbeOrder | undefined) => Promise<string>,
): Promise<Trial[]> {
  return Promise.all(
    targets.map(async (target) => {
      const began = now();
      const said = placed.get(target.venue.id);
      const way = wayOf(target, said);
      const order = said instanceof Refusal ? undefined : said;
      const words = said instanceof Refusal && way === 'order' ? said : await outcome(() => judge(target, order));
      return {
        ...{ path, instanceId: instance.instanceId, venue: target.venue.id, way },
        ...{ proved: !(words instanceof Refusal), said: words instanceof Refusal ? words.message : words },
        ...{ at: began.toISOString(), tookMs: now().getTime() - began.getTime() },
      };
    }),
  );
}

/** A market that is closed takes no order: then the path is tried as far as it goes without one. */
const wayOf = ({ probed }: ProbeTarget, said: Outcome<ProbeOrder> | undefined): ProbeWay =>
  said instanceof Refusal && said.facts['code'] === 'NoMarket' ? 'no-market' : probed.way;
