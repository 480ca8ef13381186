import { readRegistration, readStrategy } from '../change.ts';
import { coveringLatches } from '../kill/covering-latches.ts';
import { finding, type GateResult, gateResult } from '../launch/finding.ts';
import { LaunchRequest, requestLaunch } from '../launch/request-launch.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import { readRun } from '../run-evidence.ts';
import type { RunStep } from '../run-step.ts';

/** Whether the launch would be taken at all: by the very rule that takes it, whose decision is thrown away. Freezes are a gate of their own. */
export async function readyGate(
  run: RunStep,
  ports: Pick<Ports, 'strategies' | 'records' | 'now'>,
): Promise<GateResult> {
  const [state, registration, { request, requestedBy }] = await Promise.all([
    readStrategy(run.strategyId, ports),
    readRegistration(run.strategyId, ports),
    readRun(run, ports),
  ]);
  const now = ports.now();
  const command = {
    caller: { subject: requestedBy, roles: [], scopes: [], amr: [] },
    ...{ runId: run.runId, request: LaunchRequest.parse(request), freezes: [], now },
    latches: await coveringLatches(registration, ports),
  };
  const decided = requestLaunch(state, command);
  const refusal = decided instanceof Refusal ? decided : undefined;
  return gateResult('ready to launch', [
    finding(!refusal, refusal?.code ?? 'StrategyNotOff', {
      check: 'strategy.ready',
      expected: 'off, locked by nobody, not killed',
      actual: refusal?.message ?? `${state.mode}, locked by nobody`,
      evidence: { source: `strategy ${state.id}, version ${state.version}`, observedAt: now.toISOString() },
    }),
  ]);
}
