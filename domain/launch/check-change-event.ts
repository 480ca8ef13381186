import { verifyChange } from '../governance/verify-change.ts';
import { Digest } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { type Finding, finding } from './finding.ts';
import type { GoNoGoEvidence } from './go-no-go-evidence.ts';

type Checked = Pick<GoNoGoEvidence, 'change' | 'approval' | 'run' | 'strategy' | 'environment' | 'epoch' | 'at'>;

/** The digest of the plan that a signed document shows; of a document without one, its own. */
export const planDigestOf = ({ document, digest }: { document: Record<string, unknown>; digest: Digest }): Digest =>
  Digest.safeParse(document['planDigest']).data ?? digest;

/**
 * Runbook 2, Go/No-Go: the governance topic holds a signed change event with matching digest. What was recorded off the bus is
 * verified again: the key, and that it is about this very run, epoch, plan and document.
 */
export function checkChangeEvent({ change, approval, run, strategy, environment, epoch, at }: Checked): Finding[] {
  const evidence = {
    source: `governance.strategy_changes, record CHANGE#${run}`,
    observedAt: change?.recordedAt ?? at,
  };
  const judged = (check: string, ok: boolean, expected: string, actual: string) =>
    finding(ok, change ? 'ChangeNotSigned' : 'ChangeNotRecorded', {
      ...{ check: `governance.${check}`, expected, actual, evidence },
    });
  if (!change)
    return [judged('change-event', false, 'a recorded, signed change event of this run', 'no recorded event')];
  const read = verifyChange(change.envelope, change.publicKey);
  if (read instanceof Refusal) return [judged('change-event', false, 'signed with the governance key', read.message)];
  const expected = {
    ...{ run, strategy, environment, epoch },
    planDigest: approval ? planDigestOf(approval) : 'nothing: nobody confirmed this run',
    documentDigest: approval?.digest ?? 'nothing: nobody confirmed this run',
  };
  return [
    judged('change-event', true, 'signed with the governance key', 'signed with the governance key'),
    ...KEYS.map((key) => judged(key, read[key] === expected[key], String(expected[key]), String(read[key]))),
  ];
}

const KEYS = ['run', 'strategy', 'environment', 'epoch', 'planDigest', 'documentDigest'] as const;
