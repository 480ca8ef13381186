import type { Run } from '../control-record.ts';
import type { Ports } from '../ports/ports.ts';
import { RUNBOOK } from './attestation.ts';
import { type AttestationDue, attestationDue } from './attestation-due.ts';
import { newestSigned } from './attested-runbook.ts';
import type { RunbookEdition } from './runbook-edition.ts';
import type { SignedStatement } from './signed-statement.ts';

export type StatusPorts = {
  readonly records: Pick<Ports['records'], 'get' | 'list'>;
  readonly ledger: Pick<Ports['ledger'], 'page'>;
  readonly now: () => Date;
};

/** What is known of the attestation of the runbook: the edition, the newest statement about it that was signed, and whether another is due. */
export type RunbookStatus = {
  readonly edition: RunbookEdition | null;
  readonly attested: SignedStatement | null;
  readonly due: AttestationDue | null;
};

const MOST_RUNS = 500;

/** Reads the edition, the newest signed statement and the exercises since then. Null where no edition is registered. */
export async function runbookStatus(ports: StatusPorts): Promise<RunbookStatus> {
  const [edition, attestation, runs] = await Promise.all([
    ports.records.get('RUNBOOK', 'runbook'),
    ports.records.get('ATTESTATION', RUNBOOK),
    ports.records.list('RUN', { limit: MOST_RUNS }),
  ]);
  const attested = await newestSigned(attestation?.statements ?? [], ports);
  if (!edition) return { edition: null, attested: attested ?? null, due: null };
  const { text, trace, since } = edition;
  const due = attestationDue({
    edition: { text, trace, since },
    attested: editionOf(attested),
    exercises: exercisesOf(runs),
    now: ports.now(),
  });
  return { edition, attested: attested ?? null, due };
}

function editionOf(attested: SignedStatement | undefined) {
  const { runbook: text, trace } = attested?.statement ?? {};
  const at = attested?.signedAt;
  return text && trace && at !== undefined ? { text, trace, at } : undefined;
}

/** A run that traded has ended: with its stop, or with a kill, drills among them, since they are exercises of the very procedure. */
export const exercisesOf = (runs: readonly Run[]): string[] =>
  runs.flatMap(({ machine, request, endedAt }) =>
    endedAt !== undefined && (machine === 'kill' || (machine === 'stop' && typeof request['stops'] === 'string'))
      ? [endedAt]
      : [],
  );
