import { type Approval, missingRoles } from '../../domain/approval/approval.ts';
import type { ScopeLatch } from '../../domain/kill/scope-latch.ts';
import { restrictionOf } from '../../domain/ladder/restriction-of.ts';
import { restrictionWords } from '../../domain/ladder/restriction-words.ts';
import type { Lease } from '../../domain/lease/lease.ts';
import { rootOfRange } from '../../domain/ledger/merkle.ts';
import { isLive } from '../../domain/mode.ts';
import type { PlannedHalts } from '../../domain/planned-halt/planned-halt.ts';
import type { FlagReading } from '../../domain/ports/flags.ts';
import type { Registration } from '../../domain/registration.ts';
import type { Drain } from '../../domain/stop/drain.ts';
import type { Strategy } from '../../domain/strategy.ts';

import { drainView, ordersLeftView } from './drain-view.ts';
import { restrictionView } from './restriction-view.ts';

export type StrategyEvidence = {
  registration: Registration;
  flag: FlagReading;
  leases: readonly Lease[];
  /** Of scopes that cover the strategy. */
  latches: readonly ScopeLatch[];
  approvals: readonly Approval[];
  /** Its planned halts, and how far its last stop has drained. */
  calendar?: PlannedHalts | undefined;
  drain?: Drain | undefined;
  now: Date;
};

/** A strategy as people see it: what it may do now, and every reason why it may not, in plain words (architecture section 3). */
export function strategyView(
  state: Strategy,
  { registration, flag, leases, latches, approvals, calendar, drain, now }: StrategyEvidence,
) {
  const { id, mode, epoch, version, maxOrdersPerSec } = state;
  const whyNot = [...reasons(state, flag, leases, now), ...latches.map(scopeText)];
  return {
    id,
    desk: registration.desk,
    venues: registration.venues.map((venue) => venue.id),
    primaryVenue: registration.primaryVenue,
    environment: registration.environment,
    mode,
    epoch,
    version,
    tradingAllowed: whyNot.length === 0,
    whyNot,
    flag: { live: flag.live ?? null, version: state.flagVersion },
    run: state.run ?? null,
    lock: state.lock ?? null,
    latch: state.latch ?? null,
    maxOrdersPerSec,
    restriction: restrictionView(state, registration, leases, now),
    safeMode: (mode === 'SAFE' && state.safeMode) || null,
    artifactDigest: state.artifactDigest ?? null,
    limitsDigest: state.limitsDigest ?? null,
    leases: leases.map((lease) => leaseView(lease, now)),
    openApprovals: approvals.filter((approval) => isOpen(approval, id, now)).map((approval) => openApproval(approval)),
    drain: drainView(state, drain, now),
    ordersLeft: ordersLeftView(drain),
    plannedHalts: (calendar?.halts ?? []).filter(({ status }) => status === 'scheduled' || status === 'under-way'),
    ledger: { size: state.ledgerSize, root: rootOfRange(state.ledgerRange) },
  };
}

function reasons(state: Strategy, { live }: FlagReading, leases: readonly Lease[], now: Date): string[] {
  const { mode, latch, epoch } = state;
  const holding = leases.filter((lease) => lease.epoch === epoch && lease.expiresAt > now.toISOString());
  return [
    ...(latch ? [`killed by ${latch.initiatedBy}: ${latch.reason}`] : []),
    ...(isLive(mode) && mode !== 'STOPPING' ? held(state) : [`the mode is ${mode}${safeWords(state)}`]),
    ...(live === true ? [] : [live === false ? 'live.enabled is false' : 'live.enabled cannot be read']),
    ...(holding.length > 0 ? [] : ['no engine instance holds a lease of this epoch']),
  ];
}

const safeWords = ({ mode, safeMode }: Strategy): string => (mode === 'SAFE' && safeMode ? `: ${safeMode.reason}` : '');

/** Who only reduces opens nothing, and at no orders a second nothing leaves. */
function held(state: Strategy): string[] {
  const restriction = restrictionOf(state);
  const isTrading = restriction === undefined || (restriction.mode === 'THROTTLED' && restriction.maxOrdersPerSec > 0);
  return isTrading ? [] : [`it is ${restrictionWords(restriction)}`];
}

const scopeText = ({ id, initiatedBy, reason }: ScopeLatch): string => `${id} was killed by ${initiatedBy}: ${reason}`;

const leaseView = ({ instanceId, expiresAt, grantedAt, grantedMode, report }: Lease, now: Date) => ({
  instanceId,
  expiresAt,
  ageMs: now.getTime() - Date.parse(grantedAt),
  mode: grantedMode,
  openOrders: report['openOrders'] ?? null,
  positions: report['positions'] ?? null,
  pnl: report['pnl'] ?? null,
});

const isOpen = ({ strategyId, status, expiresAt }: Approval, id: string, now: Date): boolean =>
  strategyId === id && status === 'open' && expiresAt > now.toISOString();

const openApproval = (approval: Approval) => ({
  id: approval.id,
  kind: approval.kind,
  runId: approval.runId,
  requiredRoles: approval.requiredRoles,
  missingRoles: missingRoles(approval),
  digest: approval.digest,
  expiresAt: approval.expiresAt,
});
