import { canonicalJson } from '../../domain/ledger/canonical-json.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { kindOf, missingPeople } from '../follow/next-signatures.ts';
import { MARKS, utc } from '../output/marks.ts';
import { differenceLine, gateLines, planText, surroundingsText } from '../output/plan-text.ts';
import { pairs } from '../output/table.ts';
import { Approval, LaunchDocument } from '../replies.ts';

/** One question, whole: the exact document, its digest as computed here, what it binds and whether that still stands. Signs nothing. */
export async function approvalShow(context: Context, id: string): Promise<void> {
  const api = await context.api('read');
  const approval = await api.get(`/v1/approvals/${encodeURIComponent(id)}`, Approval);
  requireTrueDigest(approval);
  if (context.out.format === 'jsonl') return context.out.result(approval, '');
  showApproval(context, approval);
}

/** Puts before a person exactly what they are asked for; of a launch also in plain words, with the gates and what is new. */
export function showApproval({ out }: Context, approval: Approval): void {
  const document: unknown = JSON.parse(canonicalJson(approval.document)); // in the order that is signed
  out.note(`document\n${JSON.stringify(document, null, 2).replaceAll(/^/gm, '  ')}`);
  const launch = LaunchDocument.safeParse(approval.document).data;
  if (launch) {
    out.note(`plan ${launch.planDigest}\n${planText(out.paint, launch.plan)}\n${surroundingsText(out.paint, launch)}`);
    for (const line of gateLines(out.paint, launch.gates)) out.note(line);
  }
  out.note(
    pairs(out.paint, [
      ['asks for', kindOf(approval)],
      ['strategy', approval.strategyId],
      ['run', approval.runId],
      ['status', approval.status],
      ...approval.signatures.map(
        ({ decision, role, actor, at }) =>
          [decision === 'approve' ? 'signed' : 'declined', `${role} (${actor}), ${utc(at)}`] as const,
      ),
      ['still needed', missingPeople(approval).join(', ') || 'nobody'],
      ['expires', utc(approval.expiresAt)],
      ['digest', approval.digest],
    ]),
  );
  for (const line of changeLines(approval)) out.note(`${out.paint('failed', MARKS.failed)} ${line}`);
}

function changeLines({ changed }: Approval): string[] {
  if (!changed || changed.length === 0) return [];
  return [
    'this holds no longer, since what it binds has changed:',
    ...changed.map((each) => `  ${differenceLine(each)}`),
  ];
}

/** A server that shows one document and lets people sign the digest of another is caught here; so is a plan under another plan's digest. */
export function requireTrueDigest({ document, digest }: Approval): void {
  const launch = LaunchDocument.safeParse(document).data;
  const pairsOfDigests = [
    [digestOf(document), digest],
    ...(launch ? [[digestOf(document['plan']), launch.planDigest]] : []),
  ];
  const wrong = pairsOfDigests.find(([actual, expected]) => actual !== expected);
  if (!wrong) return;
  const [actual, expected] = wrong;
  throw new CliError(
    'conflict',
    `the digest of the document shown is ${actual}, but the control plane asks to sign ${expected}`,
    'sign nothing, and call the auditor: this is a fault or tampering',
    { code: 'DigestMismatch', facts: { expected, actual } },
  );
}
