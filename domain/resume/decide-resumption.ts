import type { Run } from '../control-record.ts';
import { collectEvidence, type GoNoGoPorts } from '../launch/collect-evidence.ts';
import { type GateResult, gateResult, refusalOf } from '../launch/finding.ts';
import { goNoGo } from '../launch/go-no-go.ts';
import { type ArchivedDecision, readDecision } from '../launch/read-decision.ts';
import { GO_NO_GO } from '../launch/run-files.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult } from '../run-step.ts';
import { answered } from './answered.ts';
import { compareBooks } from './compare-books.ts';
import { lookAtBooks } from './look-at-books.ts';
import { requireStanding } from './require-standing.ts';

/** What deciding takes, and the venues, whose books are compared. */
export type ResumptionPorts = GoNoGoPorts & Pick<Ports, 'venues'>;

/** What a resumption does not look at, and why: stands in the ledger beside the verdict, so that nobody takes silence for a yes. */
const NOT_REPEATED = {
  deployment: 'nothing is deployed: every instance attests that it still runs what was launched',
  smoke: 'not replayed: artifact, parameters and limits are those of the launch',
  killPath: 'not probed: every instance says that its kill switch is wired',
  changeEvent: 'none is published: nothing was changed',
};

/**
 * Product decision 9: go/no-go again, once people have signed, on everything as it is now, with the books compared once more. Evidence and
 * verdict are archived as `go-no-go.json`, like those of a launch. Throws the refusal of the first no, with all findings.
 */
export async function decideResumption(
  command: RunStep,
  ports: ResumptionPorts,
): Promise<StepResult & { goNoGoDigest: string }> {
  const run = await readRun(command, ports);
  const { decision, key, hash } = (await readDecision(run, ports)) ?? (await decide(command, run, ports));
  const books = await booksGate(command, ports);
  const gates = [decision.gate, books];
  const refusal = refusalOf(gates);
  const verdict = refusal ? 'no-go' : 'go';
  const summary = gates.map((gate) => gate.summary).join('; ');
  const payload = { verdict, summary, report: { key, hash }, books, notRepeated: NOT_REPEATED };
  const result = await runStep(
    command,
    'DecideResumption',
    (state) => ({
      state,
      entries: [{ type: 'go-no-go.decided', actor: run.requestedBy, run: run.id, payload }],
      reply: { summary, verdict, goNoGoDigest: hash },
    }),
    ports,
  );
  if (refusal) throw refusal;
  return result;
}

async function decide(command: RunStep, run: Run, ports: ResumptionPorts): Promise<ArchivedDecision> {
  const collected = await collectEvidence(command, { machine: 'resume', confirmation: 'resume' }, ports);
  const evidence = { ...collected, plan: await standing(command, ports) };
  const gate = goNoGo(evidence);
  const decision = { v: 1 as const, run: run.id, verdict: gate.verdict, gate, evidence };
  return { ...(await writeRunEvidence(run, GO_NO_GO, decision, ports)), decision };
}

/** What was signed here is no plan of a launch: it stands as long as the approved change and what is loaded are as they were signed. */
async function standing(command: RunStep, ports: ResumptionPorts): Promise<{ unchanged: boolean; said: string }> {
  const changed = await answered(requireStanding(command, ports));
  return changed instanceof Refusal
    ? { unchanged: false, said: changed.message }
    : { unchanged: true, said: 'as it was signed' };
}

const booksGate = async (command: RunStep, ports: ResumptionPorts): Promise<GateResult> =>
  gateResult('reconciliation', compareBooks(await lookAtBooks(command, ports), ports.now().toISOString()));
