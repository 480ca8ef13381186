import type { Run } from '../control-record.ts';
import { Refusal } from '../refusal.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, runStep, type StepResult, stepKey } from '../run-step.ts';
import { collectEvidence, type Enabling, type GoNoGoPorts } from './collect-evidence.ts';
import { type GateResult, passes, refusalOf } from './finding.ts';
import { goNoGo } from './go-no-go.ts';
import type { GoNoGoEvidence } from './go-no-go-evidence.ts';
import { notableFindings } from './notable-findings.ts';
import { type ArchivedDecision, readDecision } from './read-decision.ts';
import { GO_NO_GO } from './run-files.ts';

/** How long the change event may be on its way: it is delivered asynchronously. After that its absence is a no-go. */
const EVENT_MS = 60_000;

const LAUNCH: Enabling = { machine: 'launch', confirmation: 'launch-confirmation' };

/**
 * Runbook 2, Go/No-Go: judged on what the engines say now and on what was recorded in this run. Evidence, verdict and findings are
 * archived as `go-no-go.json`, from which anybody can compute the verdict again. Throws ChangeNotRecorded while the change event is
 * on its way, and the machine asks again; and the refusal of the first no-go, with what did not pass.
 */
export async function decideGoNoGo(
  command: RunStep,
  ports: GoNoGoPorts,
  enabling = LAUNCH,
): Promise<StepResult & { goNoGoDigest: string }> {
  const run = await readRun(command, ports);
  const { decision, key, hash } = (await readDecision(run, ports)) ?? (await decide(command, run, enabling, ports));
  const { gate } = decision;
  const result = await runStep(
    command,
    'DecideGoNoGo',
    (state) => ({
      state,
      entries: [
        {
          type: 'go-no-go.decided',
          actor: run.requestedBy,
          run: run.id,
          payload: { verdict: gate.verdict, summary: gate.summary, report: { key, hash } },
        },
      ],
      reply: { summary: gate.summary, verdict: gate.verdict, goNoGoDigest: hash },
    }),
    ports,
  );
  const refusal = refusalOf(notableFindings([noesFirst(gate)]));
  if (refusal) throw refusal;
  return result;
}

async function decide(command: RunStep, run: Run, enabling: Enabling, ports: GoNoGoPorts): Promise<ArchivedDecision> {
  const evidence = await collectEvidence(command, enabling, ports);
  await awaitChange(evidence, ports);
  const gate = goNoGo(evidence);
  const decision = { v: 1 as const, run: run.id, verdict: gate.verdict, gate, evidence };
  return { ...(await writeRunEvidence(run, GO_NO_GO, decision, ports)), decision };
}

/** A failed state's cause holds few of many findings: those that say no before those that warn. */
const noesFirst = (gate: GateResult): GateResult => ({
  ...gate,
  findings: gate.findings.toSorted((left, right) => Number(passes(left.verdict)) - Number(passes(right.verdict))),
});

/** The event was published and is not recorded yet: a moment's wait, and no busy one. */
async function awaitChange(
  { machine, change, run, strategy, epoch, at }: GoNoGoEvidence,
  { records }: GoNoGoPorts,
): Promise<void> {
  if (change || machine !== 'launch') return;
  const published = await records.get(
    'COMMAND',
    stepKey({ strategyId: strategy, runId: run, epoch }, 'PublishStrategyChange').key,
  );
  if (!published || Date.parse(at) - Date.parse(published.at) >= EVENT_MS) return;
  throw new Refusal(
    'ChangeNotRecorded',
    'the change event of this run is not recorded yet',
    'look at the bus and at operations/record-strategy-change',
    { publishedAt: published.at },
  );
}
