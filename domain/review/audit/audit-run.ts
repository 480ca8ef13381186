import type { RunId } from '../../ids.ts';
import type { StoredEntry } from '../stored-entry.ts';
import type { AuditReport, SignatureCheck } from './audit-report.ts';
import { judgeKill } from './judge-kill.ts';
import { judgeLaunch, type LaunchTrust } from './judge-launch.ts';
import { judgeQuestion } from './judge-question.ts';
import { requirementsOf } from './requirements-of.ts';
import { type Trust, wrongSignature } from './wrong-signature.ts';

/** The entries of a run, and those before it that it rests on (overrides that were signed earlier). */
export type AuditedLog = {
  readonly run: RunId;
  readonly log: string;
  readonly from: number;
  readonly to: number;
  readonly entries: readonly StoredEntry[];
  readonly earlier: readonly StoredEntry[];
};

/**
 * Runbook 7.4: that every second factor and signature which the runbook requires for this run is there and verifies. It starts from what was
 * done, not from what was asked, so that a thing done without anybody being asked is found as well; and it believes no record, only stored bytes.
 */
export function auditRun(
  { run, log, from, to, entries, earlier }: AuditedLog,
  trust: Trust & LaunchTrust,
): AuditReport {
  const all = [...earlier, ...entries];
  const of = (type: string) => entries.filter(({ entry }) => entry.type === type);
  const required: SignatureCheck[] = [
    ...of('launch.enabled').flatMap((enabled) => judgeLaunch(enabled, all, trust)),
    ...requirementsOf(entries).flatMap((each) => judgeQuestion(each, all, trust)),
    ...of('kill.requested').flatMap((kill) => judgeKill(kill, all, trust)),
  ];
  const judged = new Set(required.map(({ entry }) => entry));
  const others = entries.filter(({ index, entry }) => entry.proofs.length > 0 && !judged.has(index));
  const altered = all.flatMap(({ index, altered: what }) => (what === undefined ? [] : [{ index, what }]));
  return { v: 1, run, log, from, to, altered, checks: [...required, ...others.map((each) => otherCheck(each, trust))] };
}

/** A signature that nothing of this run needed has to be right all the same. */
function otherCheck(stored: StoredEntry, trust: Trust): SignatureCheck {
  const { index, entry } = stored;
  const check = { item: '7.4', requirement: `the proofs of ${entry.type}`, by: entry.actor, entry: index };
  const why = wrongSignature(stored, trust);
  return why === undefined ? { ...check, verdict: 'verified' } : { ...check, verdict: 'failed', why };
}
