import { change } from '../change.ts';
import { announce } from '../communications/announce.ts';
import { recordScore } from '../drill/record-score.ts';
import { ActorId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { CERTIFICATE_FILE, CERTIFICATE_PAGE } from './certificate-files.ts';
import { entriesOfKill } from './entries-of-kill.ts';
import { killCertificate } from './kill-certificate.ts';
import { killCertificatePage } from './kill-certificate-page.ts';

/** The end of a kill (runbook 5.1.2): its certificate as evidence, the digest in the ledger, and everybody told. A repeated kill has none of its own. A drill gets its score with it. */
export async function certifyKill(command: RunStep, ports: Ports): Promise<StepResult> {
  const { strategyId, runId } = command;
  const run = await readRun(command, ports);
  const first = run.request['reaffirms'];
  if (typeof first === 'string')
    return { summary: `the certificate is that of ${first}, which latched`, verdict: 'nothing-to-do' };
  const cited = await entriesOfKill(run, ports);
  const certificate = killCertificate(runId, cited);
  const record = await writeRunEvidence(run, CERTIFICATE_FILE, certificate, ports);
  const page = await writeRunEvidence(run, CERTIFICATE_PAGE, killCertificatePage(certificate), ports);
  const scored = await recordScore(
    run,
    cited.map(({ entry }) => entry),
    ports,
  );
  const changed = await change(
    strategyId,
    stepKey(command, 'CertifyKill'),
    (state) => ({
      state: state.latch?.runId === runId ? { ...state, latch: { ...state.latch, certificate: record.hash } } : state,
      entries: [
        { type: 'kill.certified', actor: ActorId.parse('service:kill'), run: runId, payload: { record, page } },
        ...scored.entries,
      ],
      records: [
        ...announce('kill-certificate', { strategyId, runId, digest: record.hash, drill: scored.isDrill }, ports.now()),
        ...scored.records,
      ],
      reply: { summary: `the kill certificate is ${record.hash}`, verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}
