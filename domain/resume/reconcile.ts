import * as z from 'zod';
import type { Run } from '../control-record.ts';
import type { Digest } from '../ids.ts';
import { GateResult, gateResult, refusalOf } from '../launch/finding.ts';
import type { Ports } from '../ports/ports.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { runKey } from '../run-key.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { compareBooks } from './compare-books.ts';
import { lookAtBooks } from './look-at-books.ts';

const FILE = 'reconciliation.json';
const Reconciliation = z.object({ gate: GateResult });

/**
 * Product decision 9: what engines believe to hold and to have open is compared with what every venue says; any difference, and
 * anything that rests, is a no that lists all of it. Archived as `reconciliation.json`, whose digest two people sign. A step that is tried
 * again stands by what it archived first.
 */
export async function reconcile(
  command: RunStep,
  ports: Ports,
): Promise<StepResult & { reconciliationDigest: Digest }> {
  const run = await readRun(command, ports);
  const gate = (await archivedGate(run, ports)) ?? (await look(command, ports));
  const archived = await writeRunEvidence(run, FILE, { run: run.id, strategy: command.strategyId, gate }, ports);
  const refusal = refusalOf([gate]);
  if (refusal) throw refusal;
  return runStep(
    command,
    'Reconcile',
    (state) => ({
      state,
      entries: [
        { type: 'resume.reconciled', actor: run.requestedBy, run: run.id, payload: { gate, report: archived } },
      ],
      reply: { summary: gate.summary, verdict: 'go', reconciliationDigest: archived.hash },
    }),
    ports,
  );
}

const look = async (command: RunStep, ports: Ports): Promise<GateResult> =>
  gateResult('reconciliation', compareBooks(await lookAtBooks(command, ports), ports.now().toISOString()));

async function archivedGate(run: Run, { evidence }: Pick<Ports, 'evidence'>): Promise<GateResult | undefined> {
  const document = await evidence.read(runKey(run, FILE));
  return document && Reconciliation.parse(JSON.parse(Buffer.from(document.bytes).toString('utf8'))).gate;
}
