import { readRegistration, readStrategy } from '../change.ts';
import type { Run } from '../control-record.ts';
import { type EngineInstance, enginesOf } from '../engine-instances.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { runKey } from '../run-key.ts';
import { type RunStep, requireRun, runStep, type StepResult } from '../run-step.ts';
import { checkKillPath } from './check-kill-path.ts';
import { clearVenues } from './clear-probe-orders.ts';
import { gateResult } from './finding.ts';
import { jsonIn } from './json-in.ts';
import { KillPathReport, type Trial } from './kill-path-report.ts';
import { probeInstance } from './probe-instance.ts';
import { type ProbeTarget, probeTargets } from './probe-targets.ts';
import { KILL_PATH } from './run-files.ts';

const DEADLINE_MS = 5_000;

/**
 * Runbook 2, Go/No-Go: rehearses the kill path of every instance at every venue, within this run (ADR 020): our own cancel, the engine's
 * when its lease is lost, and the block of a real halt, in which the engines stay until they are armed. It judges nothing by itself:
 * what was found goes into `kill-path.json`, and go/no-go says no. A kill, a stop or a lost lock ends it; whatever it put out is taken
 * away again however it ends. Throws the refusal of a run that is over.
 */
export async function probeKillPath(command: RunStep, ports: Ports): Promise<StepResult & { killPathDigest: string }> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const earlier = await readReport(run, ports);
  const report = earlier ?? (await rehearse(command, registration, ports));
  const archived = await writeRunEvidence(run, KILL_PATH, report, ports);
  const gate = gateResult('kill path', checkKillPath(report, targetOf(registration), archived.hash));
  return runStep(
    command,
    'ProbeKillPath',
    (state) => ({
      state,
      entries: [
        {
          type: 'kill-path.probed',
          actor: run.requestedBy,
          run: run.id,
          payload: { report: archived, verdict: gate.verdict, summary: gate.summary },
        },
      ],
      reply: { summary: gate.summary, verdict: gate.verdict, killPathDigest: archived.hash },
    }),
    ports,
  );
}

/** What an earlier try of this step found and filed: it is not rehearsed twice. Throws for a file that is none. */
async function readReport(run: Run, { evidence }: Ports): Promise<KillPathReport | undefined> {
  const document = await evidence.read(runKey(run, KILL_PATH));
  return document && KillPathReport.parse(jsonIn(document.bytes));
}

/** Each instance at each venue: what has to have been probed. */
export const targetOf = ({ engines, venues }: Registration) => ({
  instances: engines.map(({ instanceId }) => instanceId),
  venues: venues.map(({ id }) => id),
});

async function rehearse(command: RunStep, registration: Registration, ports: Ports): Promise<KillPathReport> {
  const from = ports.now().toISOString();
  const targets = await probeTargets(registration, ports);
  const { instances, trials, left } = await cleanly(registration, ports, () =>
    probeEach(command, registration, targets, ports),
  );
  return {
    ...{ v: 1, run: command.runId, strategy: command.strategyId, epoch: command.epoch, from },
    ...{ to: ports.now().toISOString(), instances, venues: targets.map(({ probed }) => probed), trials, left },
  };
}

/** Leaves nothing resting, whatever happens meanwhile. */
async function cleanly<Value>(registration: Registration, ports: Ports, work: () => Promise<Value>) {
  let done: Value;
  try {
    done = await work();
  } catch (error) {
    await clearVenues(registration, ports);
    throw error;
  }
  return { ...done, left: await clearVenues(registration, ports) };
}

/** One instance after the other: the venue lists orders by strategy, so that each must be alone to be seen. */
async function probeEach(command: RunStep, registration: Registration, targets: readonly ProbeTarget[], ports: Ports) {
  const fence = async () => {
    const over = requireRun(await readStrategy(command.strategyId, ports), command, ports.now());
    if (over) throw over;
  };
  const attempt = ports.now().toISOString();
  const instances: KillPathReport['instances'] = [];
  const trials: Trial[] = [];
  for (const instance of enginesOf(registration)) {
    await fence();
    const asked = await capabilityOf(instance, ports);
    instances.push(asked);
    if (asked.capable) trials.push(...(await probeInstance({ command, instance, targets, attempt, fence }, ports)));
  }
  return { instances, trials };
}

async function capabilityOf(
  instance: EngineInstance,
  { engines }: Ports,
): Promise<KillPathReport['instances'][number]> {
  const { instanceId } = instance;
  try {
    const { capabilities } = await engines.riskStatus(instance, { deadlineMs: DEADLINE_MS });
    const capable = capabilities.includes('probe');
    return { instanceId, capable, said: capable ? 'it can be probed' : 'it names no capability "probe"' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { instanceId, capable: false, said: error.message };
  }
}
