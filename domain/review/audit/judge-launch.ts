import * as z from 'zod';
import type { StrategyChange } from '../../governance/strategy-change.ts';
import { verifyChange } from '../../governance/verify-change.ts';
import type { JudgedSignature } from '../../manifest/judge-signatures.ts';
import { signersOf } from '../../manifest/signers-of.ts';
import { Refusal } from '../../refusal.ts';
import type { StoredEntry } from '../stored-entry.ts';
import type { SignatureCheck } from './audit-report.ts';
import { type Asked, askedBefore } from './judge-question.ts';

/** The manifest as it is stored now: its digest, and what each of its signatures is worth at a moment. */
export type StoredManifest = { readonly hash: string; readonly judgedAt: (moment: Date) => readonly JudgedSignature[] };

export type LaunchTrust = {
  /** Base64 DER SPKI of the key that signs changes of strategies. */
  readonly governanceKey: string;
  readonly manifest: StoredManifest | undefined;
};

const Plan = z.object({
  planDigest: z.string(),
  plan: z.object({ manifest: z.object({ digest: z.string(), signers: z.array(z.string()) }) }),
});

/** What carries a launch beside the signatures of people: the signed manifest (runbook 1.1), and the recorded event of the change (Go/No-Go). */
export function judgeLaunch(
  enabled: StoredEntry,
  entries: readonly StoredEntry[],
  trust: LaunchTrust,
): SignatureCheck[] {
  const asked = askedBefore(entries, `${enabled.entry.run}-launch-confirmation`, enabled.index);
  return [manifestCheck(enabled, asked, trust), changeCheck(enabled, asked, entries, trust)];
}

function manifestCheck(
  { entry: { run, at } }: StoredEntry,
  asked: Asked | undefined,
  { manifest }: LaunchTrust,
): SignatureCheck {
  const check = { item: '1.1', requirement: `the signed manifest of ${run}` };
  const named = Plan.safeParse(asked?.document).data?.plan.manifest;
  if (!named) return { ...check, verdict: 'missing', why: 'no signed plan names one' };
  if (manifest?.hash !== named.digest)
    return {
      ...check,
      verdict: 'gone',
      why: `${named.digest} is not what is stored now: look at the older versions of the file`,
    };
  const judged = manifest.judgedAt(new Date(at));
  const signers: readonly string[] = signersOf(judged);
  const unknown = named.signers.find((signer) => !signers.includes(signer));
  if (unknown === undefined && signers.length > 0) return { ...check, verdict: 'verified', by: signers.join(', ') };
  return {
    ...check,
    verdict: 'failed',
    why: judged.find(({ code }) => code)?.told ?? `${unknown ?? 'nobody'} has not signed it`,
  };
}

const Recorded = z.object({ envelope: z.unknown() });

function changeCheck(
  enabled: StoredEntry,
  asked: Asked | undefined,
  entries: readonly StoredEntry[],
  { governanceKey }: LaunchTrust,
): SignatureCheck {
  const check = { item: 'Go/No-Go', requirement: `the signed event of the change of ${enabled.entry.run}` };
  const recorded = entries.find(
    ({ index, entry }) =>
      entry.type === 'governance.strategy-change.recorded' && entry.run === enabled.entry.run && index < enabled.index,
  );
  if (!recorded) return { ...check, verdict: 'missing', why: 'none was recorded before it was enabled' };
  const change = verifyChange(Recorded.safeParse(recorded.entry.payload).data?.envelope, governanceKey);
  const why = recorded.altered ?? (change instanceof Refusal ? change.message : wrongChange(change, enabled, asked));
  if (why !== undefined) return { ...check, entry: recorded.index, verdict: 'failed', why };
  return { ...check, entry: recorded.index, verdict: 'verified', by: 'the governance key' };
}

function wrongChange(
  { run, documentDigest, planDigest }: StrategyChange,
  enabled: StoredEntry,
  asked: Asked | undefined,
): string | undefined {
  if (run !== enabled.entry.run) return `is about ${run}`;
  if (documentDigest !== asked?.digest) return 'is about another document than the one that was signed';
  return planDigest === Plan.safeParse(asked.document).data?.planDigest
    ? undefined
    : 'is about another plan than the one that was signed';
}
