import * as z from 'zod';
import { Role } from '../../approval/approval.ts';
import { approvalId } from '../../approval/open-approval.ts';
import { RunId } from '../../ids.ts';
import type { StoredEntry } from '../stored-entry.ts';
import type { SignatureCheck } from './audit-report.ts';
import { askedBefore, judgeQuestion } from './judge-question.ts';
import { type Trust, wrongSignature } from './wrong-signature.ts';

const ITEM = '5.1.2';
const Confirmed = z.object({ initiator: z.string(), confirmer: z.string() });
const Roles = z.object({ approval: z.string(), requiredRoles: z.array(Role) });

/**
 * Runbook 5.1.2: both signatures of a kill, its initiator's and that of another person (product decision 1). The key of a device may have signed for the
 * initiator with the kill itself; where no person killed, two people have to sign.
 */
export function judgeKill(kill: StoredEntry, entries: readonly StoredEntry[], trust: Trust): SignatureCheck[] {
  const { data: runId } = RunId.safeParse(kill.entry.run);
  if (!runId) return [missing('both signatures of a kill', 'the entry of the kill names no run')];
  const confirmed = entries.find(({ entry }) => entry.type === 'kill.confirmed' && entry.run === runId);
  const own = kill.entry.proofs.length > 0 ? [deviceCheck(kill, trust)] : [];
  if (!confirmed) return [...own, missing(`the kill ${runId}: its confirmer`, 'nobody has confirmed it')];
  const approval = approvalId({ runId }, 'kill-confirmation');
  const roles = rolesAsked(entries, approval, confirmed.index);
  const required = { item: ITEM, what: `the kill ${runId}`, approval, roles: roles.map((role) => [role]) };
  const people = judgeQuestion({ ...required, before: confirmed.index }, entries, trust);
  return [...own, ...people, twoPeople(kill, confirmed, [...own, ...people])];
}

const missing = (requirement: string, why: string): SignatureCheck => ({
  item: ITEM,
  requirement,
  verdict: 'missing',
  why,
});

function rolesAsked(entries: readonly StoredEntry[], approval: string, before: number): Role[] {
  const asked = entries
    .filter(({ index, entry }) => index < before && entry.type === 'approval.requested')
    .map(({ entry }) => Roles.safeParse(entry.payload).data)
    .findLast((each) => each?.approval === approval);
  return asked?.requiredRoles ?? ['execution-trader', 'risk-officer'];
}

function deviceCheck(kill: StoredEntry, trust: Trust): SignatureCheck {
  const why = wrongSignature(kill, trust);
  const { actor, run } = kill.entry;
  const whose = isService(actor) ? 'the key of the service' : "its initiator's device";
  const check = { item: ITEM, requirement: `the kill ${run}: ${whose}`, by: actor };
  if (why !== undefined) return { ...check, entry: kill.index, verdict: 'failed', why };
  return { ...check, entry: kill.index, verdict: 'verified' };
}

const isService = (actor: string): boolean => actor.startsWith('service:');

/** The initiator is one of them where a person killed, and somebody else is the other. */
function twoPeople(kill: StoredEntry, confirmed: StoredEntry, checks: readonly SignatureCheck[]): SignatureCheck {
  const check = {
    item: ITEM,
    requirement: `the kill ${kill.entry.run}: initiator and confirmer are two people`,
    entry: confirmed.index,
  };
  const said = Confirmed.safeParse(confirmed.entry.payload).data;
  const signers = new Set(
    checks.flatMap(({ verdict, by }) => (verdict === 'verified' && by !== undefined && !isService(by) ? [by] : [])),
  );
  const why = wrongPair(kill.entry.actor, said, signers);
  return why === undefined
    ? { ...check, by: said?.confirmer, verdict: 'verified' }
    : { ...check, verdict: 'failed', why };
}

function wrongPair(
  killer: string,
  said: z.infer<typeof Confirmed> | undefined,
  signers: ReadonlySet<string>,
): string | undefined {
  if (!said) return 'the entry names no confirmer';
  if (said.initiator !== killer) return `the entry names ${said.initiator} as initiator, and ${killer} has killed`;
  if (said.confirmer === killer) return 'initiator and confirmer are the same person';
  if (!signers.has(said.confirmer)) return `${said.confirmer} has not signed`;
  return signers.size >= 2 ? undefined : 'only one person has signed';
}

/** What the confirmation of a kill had to be given within, and when it came; nothing while it has not. */
export function confirmationOf(kill: StoredEntry, entries: readonly StoredEntry[]) {
  const confirmed = entries.find(({ entry }) => entry.type === 'kill.confirmed' && entry.run === kill.entry.run);
  if (!confirmed) return undefined;
  const asked = askedBefore(entries, `${kill.entry.run}-kill-confirmation`, confirmed.index);
  const minutes = z.number().safeParse(asked?.document['escalatesAfterMinutes']).data;
  const at = z.iso.datetime().safeParse(confirmed.entry.payload['at']).data ?? confirmed.entry.at;
  const killedAt = z.iso.datetime().safeParse(kill.entry.payload['decidedAt']).data ?? kill.entry.at;
  return { minutes: minutes ?? 15, tookMs: Date.parse(at) - Date.parse(killedAt), entry: confirmed.index };
}
