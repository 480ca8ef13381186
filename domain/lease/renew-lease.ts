import * as z from 'zod';
import { change, readRegistration, readStrategy } from '../change.ts';
import type { Decision } from '../decision.ts';
import { ActorId, type StrategyId } from '../ids.ts';
import { drainSpool } from '../kill/drain-spool.ts';
import { killCovered } from '../kill/kill-covered.ts';
import { unrestricted } from '../ladder/restriction-of.ts';
import { ReportedHalt } from '../market/halt.ts';
import { reportHalts } from '../market/report-halts.ts';
import { transition } from '../mode.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import { distilRenewal } from './distil-renewal.ts';
import { type EngineHalt, type Expiry, isForeign, judgeRenewal, type LeaseTerms } from './judge-renewal.ts';
import { type Lease, leaseId } from './lease.ts';

export type RenewLease = {
  clientId: string;
  strategyId: StrategyId;
  instanceId: string;
  epoch: number;
  /** Where the engine, armed, lost its permission by itself. */
  lapsedEpoch?: number | null | undefined;
  /** What halted it first, where it is halted. */
  halt?: EngineHalt | null | undefined;
  /** All of it; the metrics as they came. */
  report: Record<string, unknown>;
};

/** What a renewal reads and writes: the flag is only ever read here. */
export type LeasePorts = Pick<Ports, 'strategies' | 'records' | 'spool' | 'now' | 'jitter'> & {
  /** For halts of venues alone. */
  readonly ledger: Pick<Ports['ledger'], 'commitTo'>;
  readonly flags: Pick<Ports['flags'], 'read'>;
  /** Monotonic milliseconds. */
  readonly elapsedMs: () => number;
};

/** Runbook 3.1 and architecture section 7: grants, or refuses, the right to trade for one TTL. Refuses an unregistered instance, and a renewal that came after expiry. A kill that waits in the spool is taken in first, and so is that of a scope which has not come to this strategy yet; no lease while nobody can tell whether one waits. Metrics that cannot be believed cost nothing here: they are left out of what is kept, and said in its telemetry. */
export async function renewLease(
  { clientId, strategyId, instanceId, epoch, lapsedEpoch, halt, report: told }: RenewLease,
  ports: LeasePorts,
): Promise<LeaseTerms> {
  const receivedAt = ports.now();
  const [drained, registration, lease] = await Promise.all([
    drainSpool(strategyId, ports),
    readRegistration(strategyId, ports),
    ports.records.get('LEASE', leaseId(strategyId, instanceId)),
  ]);
  if (!registration.engines.some((engine) => engine.instanceId === instanceId && engine.clientId === clientId)) {
    throw new Refusal(
      'UnknownInstance',
      `${clientId} may not renew the lease of ${instanceId} for ${strategyId}`,
      'use the credentials of an instance that config/strategies.yaml registers for this strategy',
      { instanceId },
    );
  }
  const covered = await killCovered(drained, registration, ports);
  const state = halt && isForeign(halt) ? await takeHalt(covered, { instanceId, halt }, ports) : covered;
  const { live } = await ports.flags.read(registration.flag, state.flagVersion);
  const { expired, terms } = judgeRenewal(
    state,
    { instanceId, epoch, lapsedEpoch, halt },
    { lease, live, ttlMs: registration.leaseTtlMs, now: ports.now() },
  );
  if (expired && lease) await expire(state, lease, expired, ports);
  const { report, telemetry } = distilRenewal({
    report: told,
    lease,
    live,
    ttlMs: registration.leaseTtlMs,
    receivedAt,
  });
  const taken = await takeVenueHalts({ strategyId, instanceId, clientId, report, lease, registration }, ports);
  await ports.records.put({
    kind: 'LEASE',
    record: granted({ strategyId, instanceId, report: withVenueHalts(report, taken), telemetry }, terms, ports.now()),
  });
  return terms;
}

const ReportedHalts = z.array(ReportedHalt).catch([]);

type VenueReport = Pick<RenewLease, 'strategyId' | 'instanceId' | 'clientId' | 'report'> & {
  readonly lease: Lease | undefined;
  readonly registration: Registration;
};

/** Takes in the halts of venues that the engine tells (runbook 1.3), and answers what has been taken in. They never hold up a lease: what cannot be recorded now is tried again at the next renewal. */
async function takeVenueHalts(
  { strategyId, instanceId, clientId, report, lease, registration }: VenueReport,
  ports: LeasePorts,
): Promise<ReportedHalt[]> {
  const before = ReportedHalts.parse(lease?.report['venueHalts'] ?? []);
  const now = ReportedHalts.parse(report['venueHalts'] ?? before);
  const actor = ActorId.parse(clientId);
  try {
    await reportHalts({ strategyId, instanceId, actor, venues: registration.venues, now, before }, ports);
    return now;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return before;
  }
}

const withVenueHalts = ({ venueHalts: _told, ...report }: RenewLease['report'], taken: readonly ReportedHalt[]) => ({
  ...report,
  ...(taken.length > 0 && { venueHalts: taken }),
});

const HOW: Record<Expiry, string> = {
  'not-renewed': 'ran out before it was renewed',
  'ended-in-engine': 'was ended by the engine, which counts from when it asked',
  'clock-set-back': 'was granted at a time that by this clock is still to come, so its end cannot be told',
};

/** A lease that ran out is never renewed: the strategy goes SAFE, and the epoch rises. */
async function expire(state: Strategy, lease: Lease, why: Expiry, ports: LeasePorts): Promise<never> {
  const key = { key: `lease/${lease.id}/${lease.epoch}/expired`, body: { id: lease.id, epoch: lease.epoch } };
  await change(state.id, key, (now) => expireLease(now, lease, why), ports);
  const { epoch } = await readStrategy(state.id, ports);
  throw new Refusal(
    'LeaseExpired',
    `the lease of ${lease.instanceId} ${HOW[why]}`,
    'stay SAFE; only a launch or a resume arms again',
    { epoch, expiredAt: lease.expiresAt, why },
  );
}

/** The rule: any mode that was trading becomes SAFE at a new epoch; a stop or a kill under way stays what it is, fenced again. */
export function expireLease(state: Strategy, lease: Lease, why: Expiry): Decision<{ epoch: number }> {
  const mode = transition(state.mode, 'expire');
  const epoch = lease.epoch === state.epoch ? state.epoch + 1 : state.epoch;
  return {
    state: { ...(mode instanceof Refusal ? state : { ...unrestricted(state), mode }), epoch },
    entries: [
      {
        type: 'lease.expired',
        actor: ActorId.parse('service:lease'),
        ...(state.run && { run: state.run.id }),
        payload: { instance: lease.instanceId, expiredAt: lease.expiresAt, epoch, why },
      },
    ],
    reply: { epoch },
  };
}

type HaltedEngine = { instanceId: string; halt: EngineHalt };

/**
 * Takes in a halt that we did not send, once for each, so that a renewal from before an arm, which still tells it, does not undo
 * that arm. A kill needs no such word. Answers the strategy as it is then.
 */
async function takeHalt(state: Strategy, { instanceId, halt }: HaltedEngine, ports: LeasePorts): Promise<Strategy> {
  if (state.latch) return state;
  const key = { key: `lease/${leaseId(state.id, instanceId)}/halt/${halt.at}/${halt.by}`, body: halt };
  await change(state.id, key, (now) => noteHalt(now, { instanceId, halt }), ports);
  return readStrategy(state.id, ports);
}

/** The rule: what was trading becomes SAFE at a new epoch, as after an expiry, and never KILLED: a kill that was sent straight to the engines is told to us as one. */
export function noteHalt(state: Strategy, { instanceId, halt }: HaltedEngine): Decision<{ epoch: number }> {
  const mode = transition(state.mode, 'expire');
  const next = mode instanceof Refusal ? state : { ...unrestricted(state), mode, epoch: state.epoch + 1 };
  return {
    state: next,
    entries: [
      {
        type: 'engine.halted',
        actor: ActorId.parse('service:lease'),
        ...(state.run && { run: state.run.id }),
        payload: { instance: instanceId, ...halt, epoch: next.epoch },
      },
    ],
    reply: { epoch: next.epoch },
  };
}

function granted(
  { strategyId, instanceId, report, telemetry }: Pick<Lease, 'strategyId' | 'instanceId' | 'report' | 'telemetry'>,
  { mode, epoch, expiresInMs }: LeaseTerms,
  now: Date,
): Lease {
  return {
    id: leaseId(strategyId, instanceId),
    strategyId,
    instanceId,
    epoch,
    grantedMode: mode,
    grantedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + expiresInMs).toISOString(),
    report,
    telemetry,
  };
}
