import assert from 'node:assert/strict';
import type { ApprovalKind, Role } from '../../../domain/approval/approval.ts';
import type { Caller } from '../../../domain/approval/caller.ts';
import { decideApproval } from '../../../domain/approval/decide-approval.ts';
import { approvalId, openApproval } from '../../../domain/approval/open-approval.ts';
import { change } from '../../../domain/change.ts';
import type { Run } from '../../../domain/control-record.ts';
import { ActorId, type RunId } from '../../../domain/ids.ts';
import { nonceOf } from '../../../domain/launch/launch-plan.ts';
import { canonicalJson } from '../../../domain/ledger/canonical-json.ts';
import type { LedgerEntry } from '../../../domain/ledger/ledger-entry.ts';
import { leafHash } from '../../../domain/ledger/merkle.ts';
import type { SignatureCheck } from '../../../domain/review/audit/audit-report.ts';
import { type AuditedLog, auditRun } from '../../../domain/review/audit/audit-run.ts';
import type { LaunchTrust } from '../../../domain/review/audit/judge-launch.ts';
import type { Trust } from '../../../domain/review/audit/wrong-signature.ts';
import { readTrust } from '../../../domain/review/read-trust.ts';
import { type StoredEntry, storedEntry } from '../../../domain/review/stored-entry.ts';
import type { Strategy } from '../../../domain/strategy.ts';
import { signedAnswer } from '../../fakes/passkeys.ts';
import { STRATEGY, type World } from '../../fakes/world.ts';
import { storedIn } from './a-review.ts';

/** A log as it was written and what is believed beside it: what an audit goes by. */
export type Auditable = { readonly audited: AuditedLog; readonly trust: Trust & LaunchTrust };

export async function auditable(made: World, run: Run): Promise<Auditable> {
  const entries = storedIn(made);
  const audited = { run: run.id, log: run.strategyId, from: 0, to: entries.length, entries, earlier: [] };
  return { audited, trust: await readTrust(run, made.ports) };
}

export type Change = (entry: LedgerEntry) => LedgerEntry | undefined;

/** The same log with other entries: sealed anew as whoever holds the ledger could, or left out. */
export const withEntries = ({ audited, trust }: Auditable, change: Change): Auditable => ({
  trust,
  audited: { ...audited, entries: audited.entries.flatMap((stored) => resealed(stored, change(stored.entry))) },
});

function resealed({ index, entry: { log } }: StoredEntry, entry: LedgerEntry | undefined): StoredEntry[] {
  return entry ? [storedEntry({ index, leafHash: leafHash(canonicalJson(entry)), entry }, log)] : [];
}

/** What does not hold, as `requirement: why`. */
export const failuresOf = ({ audited, trust }: Auditable): string[] =>
  auditRun(audited, trust)
    .checks.filter(({ verdict }) => verdict !== 'verified')
    .map(({ verdict, requirement, why }) => `${verdict}: ${requirement}: ${why}`);

export const checksOf = ({ audited, trust }: Auditable): SignatureCheck[] => auditRun(audited, trust).checks;

/** Fails unless exactly one thing is wrong, and it is this. */
export function onlyWrong(auditable: Auditable, expected: RegExp): void {
  const wrong = failuresOf(auditable);
  assert.equal(wrong.length, 1, wrong.join('\n'));
  assert.match(String(wrong[0]), expected);
}

export const isType =
  (type: string, change: Change): Change =>
  (entry) =>
    entry.type === type ? change(entry) : entry;

export type Signing = {
  readonly kind: ApprovalKind;
  readonly runId: RunId;
  readonly roles: readonly Role[];
  readonly people: readonly Caller[];
};

/** Puts a question of that kind to people, who sign it, as any of them is asked and signed. */
export async function signedBy(made: World, { kind, runId, roles, people }: Signing): Promise<void> {
  const now = made.ports.now();
  const expiresAt = new Date(now.getTime() + 1_800_000).toISOString();
  const ask = (state: Strategy) => {
    const step = { strategyId: STRATEGY, runId, epoch: state.epoch };
    const document = { action: kind, strategy: STRATEGY, epoch: state.epoch, nonce: nonceOf(step, kind), expiresAt };
    return openApproval(state, step, { kind, document, requiredRoles: [...roles] }, now);
  };
  await change(STRATEGY, { key: `${runId}/${kind}`, body: kind }, ask, made.ports);
  const approval = (await made.store.get('APPROVAL', approvalId({ runId }, kind))) ?? assert.fail();
  for (const caller of people.map((each) => ({ ...each, authTime: now.getTime() })))
    await decideApproval(
      approval.id,
      signedAnswer(made, caller, approval),
      `${runId}/${kind}/${caller.subject}`,
      made.ports,
    );
}

/** Something was done, as its entry says. */
export const done = (made: World, type: string, run: RunId, payload: Record<string, unknown> = {}) =>
  change(
    STRATEGY,
    { key: `${run}/${type}`, body: payload },
    (state) => ({ state, entries: [{ type, actor: ActorId.parse('sub-trader'), run, payload }], reply: null }),
    made.ports,
  );

/** Gates of a launch that went on over a soft finding by an override. */
export const overridden = (override: string) => ({
  verdict: 'go',
  gates: [
    {
      ...{ gate: 'CI health', summary: 's', verdict: 'warn' },
      findings: [
        {
          ...{
            check: 'ci.age',
            verdict: 'warn',
            hard: false,
            expected: '<= 1',
            actual: '2',
            code: 'CiStale',
            override,
          },
          evidence: { source: 's', observedAt: '2026-11-24T12:00:00.000Z' },
        },
      ],
    },
  ],
});
