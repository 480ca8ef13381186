import { keepIssuerKeys } from '../access/keep-issuer-keys.ts';
import { sealRefusals } from '../access/seal-refusals.ts';
import { fileEndedRuns } from '../archive/file-ended-run.ts';
import { remindAttestation } from '../attestation/remind-attestation.ts';
import { remindOfUpdates } from '../communications/update-timer.ts';
import { lookAfterRestrictions } from '../ladder/look-after-restrictions.ts';
import { voidChangedApprovals } from '../plan/void-changed-approvals.ts';
import { beginDueHalts } from '../planned-halt/begin-due-halts.ts';
import { tellRestorations } from '../recover/tell-restorations.ts';
import { resumeReviews } from '../review/resume-reviews.ts';
import { sendDigest } from '../review/send-digest.ts';
import { tellOverdue } from '../review/tell-overdue.ts';
import { takeSnapshots } from '../snapshot/take-snapshots.ts';
import { watchLeftOrders } from '../stop/watch-left-orders.ts';
import { killAllCovered, takeInKills } from './finish-kills.ts';
import { reportHealth } from './report-health.ts';
import { resumeMachines } from './resume-machines.ts';
import type { Duty, Sweep } from './sweep.ts';

/** A duty that leaves the strategies as they are. */
const duty = <Name extends string>(
  name: Name,
  patienceMs: number,
  perform: (sweep: Sweep) => Promise<unknown>,
): Duty<Name> => ({
  name,
  patienceMs,
  perform: async (sweep) => {
    const count = await perform(sweep);
    return typeof count === 'number' ? { count } : {};
  },
});

/** All that the sweep does each minute, what makes trading safer first. One line for each; all patience together is less than a sweep may take. */
export const DUTIES = [
  { name: 'take in spooled kills', patienceMs: 4_000, perform: takeInKills },
  { name: 'kill what is covered', patienceMs: 4_000, perform: killAllCovered },
  duty('begin planned halts', 3_000, ({ ports }) => beginDueHalts(ports)),
  duty('resume machines', 4_000, ({ strategies, ports }) => resumeMachines(strategies, ports)),
  duty('note the time', 1_000, ({ ports }) =>
    ports.records.put({ kind: 'TICK', record: { id: 'health', at: ports.now().toISOString() } }),
  ),
  duty('report health', 4_000, ({ ports }) => reportHealth(ports)),
  duty(
    'seal refusals',
    2_000,
    async ({ sealBefore, ports }) => (await sealRefusals(sealBefore(ports.now()), ports)).sealed,
  ),
  duty('keep issuer keys', 2_000, ({ ports }) => keepIssuerKeys(ports)),
  duty('void changed approvals', 2_000, ({ ports }) => voidChangedApprovals(ports)),
  duty('watch left orders', 2_000, ({ ports }) => watchLeftOrders(ports)),
  duty('look after restrictions', 1_500, ({ strategies, ports }) => lookAfterRestrictions(strategies, ports)),
  duty('tell restorations', 2_000, ({ ports }) => tellRestorations(ports)),
  duty('resume reviews', 1_500, ({ ports }) => resumeReviews(ports)),
  duty('tell overdue reviews', 1_500, ({ ports }) => tellOverdue(ports)),
  duty('send the digest', 1_500, ({ ports }) => sendDigest({ ...ports, digests: ports.evidence })),
  duty('remind of the attestation', 1_500, ({ ports }) => remindAttestation(ports)),
  duty('remind of updates', 1_500, ({ strategies, ports }) => remindOfUpdates(strategies, ports)),
  duty('take snapshots', 2_000, ({ strategies, ports }) => takeSnapshots(strategies, ports)),
  duty('file ended runs', 2_000, ({ ports }) => fileEndedRuns(ports)),
] as const;
export type DutyName = (typeof DUTIES)[number]['name'];
