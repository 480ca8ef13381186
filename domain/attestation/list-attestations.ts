import type { Digest, RunId } from '../ids.ts';
import type { Statement } from './attestation.ts';
import type { AttestationDue } from './attestation-due.ts';
import { type RunbookStatus, runbookStatus, type StatusPorts } from './runbook-status.ts';
import { type SignedStatement, signedStatement } from './signed-statement.ts';

/** A statement with what has become of it. */
export type StatementView = Statement & {
  readonly status: 'signed' | 'asked' | 'expired';
  readonly signedAt?: string | undefined;
  readonly evidence: readonly { readonly hash: string; readonly source: string; readonly at: string }[];
};

export type AttestationsView = {
  readonly runbook: {
    readonly text: Digest | null;
    readonly trace: Digest | null;
    readonly status: AttestationDue['status'] | 'unknown';
    readonly reasons: AttestationDue['reasons'];
    readonly attested: StatementView | null;
  };
  readonly attestations: readonly StatementView[];
};

const MOST_SHOWN = 100;

/** The runbook's own attestation, whether another is due, and the newest statements about items of runs; of one run where it is named. */
export async function listAttestations(run: RunId | undefined, ports: StatusPorts): Promise<AttestationsView> {
  const [status, records] = await Promise.all([
    runbookStatus(ports),
    ports.records.list('ATTESTATION', { limit: MOST_SHOWN }),
  ]);
  const newest = records.flatMap(({ statements }) => statements.slice(0, 1));
  const wanted = newest.filter((each) => run === undefined || each.run === run);
  const views = await Promise.all(wanted.map(async (each) => viewOf(await signedStatement(each, ports), ports.now())));
  return { runbook: runbookView(status, ports.now()), attestations: views };
}

const runbookView = ({ edition, attested, due }: RunbookStatus, now: Date): AttestationsView['runbook'] => ({
  ...{ text: edition?.text ?? null, trace: edition?.trace ?? null },
  ...{ status: due?.status ?? 'unknown', reasons: due?.reasons ?? [] },
  attested: attested && viewOf(attested, now),
});

function viewOf({ statement, proof, signedAt }: SignedStatement, now: Date): StatementView {
  const waits = now.toISOString() < statement.expiresAt ? 'asked' : 'expired';
  return { ...statement, status: signedAt === undefined ? waits : 'signed', signedAt, evidence: proof.evidence };
}
