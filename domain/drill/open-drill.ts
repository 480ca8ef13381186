import type { Caller } from '../approval/caller.ts';
import { change, readRegistration } from '../change.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Decision } from '../decision.ts';
import type { RiskStatus } from '../engine/risk-status.ts';
import { enginesOf } from '../engine-instances.ts';
import type { RunId, StrategyId } from '../ids.ts';
import { cleanReason } from '../kill/clean-reason.ts';
import { type Finding, gateResult } from '../launch/finding.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import { runName } from '../run-name.ts';
import type { Latch, Strategy } from '../strategy.ts';
import { checkSimulators, type SimulatorEvidence } from './check-simulators.ts';
import { drillBudgets } from './drill-budgets.ts';
import type { DrillRequest } from './drill-request.ts';

const ASK_MS = 3_000;
/** What was proved of engines and venues is old after this; a kill that comes later is a real one. */
const OPEN_FOR_MS = 60_000;

export type OpenDrill = { caller: Caller; strategyId: StrategyId; key: string; request: DrillRequest };
export type DrillOpened = {
  /** The kill that will be the drill, if the caller sends it with `killKey` as its Idempotency-Key before `expiresAt`. */
  runId: RunId;
  killKey: string;
  reason: string;
  expiresAt: string;
  summary: string;
};

type DrillPorts = Pick<Ports, 'strategies' | 'records' | 'engines' | 'venues' | 'now' | 'jitter'>;

/**
 * Opens a drill: records that the next kill by this caller is a rehearsal, with the proof that it can touch no market. Halts
 * nothing. Refuses a killed strategy, one of which anything may be live (NotASimulator, all findings in its facts), and one
 * whose engine is halted already, where there would be nothing to measure (NothingToDrill).
 */
export async function openDrill({ caller, strategyId, key, request }: OpenDrill, ports: DrillPorts) {
  const now = ports.now();
  const killKey = `drill-${sha256(`${key}/${now.toISOString()}`).toString('hex').slice(0, 24)}`;
  const opened = {
    runId: runName('kill', strategyId, `${caller.subject}/${killKey}`, now),
    killKey,
    reason: request.reason === undefined ? 'drill' : `drill: ${cleanReason(request.reason)}`,
    expiresAt: new Date(now.getTime() + OPEN_FOR_MS).toISOString(),
    summary: `${strategyId} may be drilled until ${new Date(now.getTime() + OPEN_FOR_MS).toISOString()}; nothing is halted yet`,
  };
  const registration = await readRegistration(strategyId, ports);
  const decide = async (state: Strategy) => {
    if (state.latch) return killedAlready(state, state.latch);
    const evidence = await askEverybody(registration, ports);
    const findings = checkSimulators(evidence);
    const refusal = refusalOf(findings) ?? haltedAlready(evidence);
    return refusal ?? decideDrill(state, { caller, opened, findings, registration }, now);
  };
  return change(strategyId, { key, body: request }, decide, ports);
}

/** Everybody at once, each within its own deadline; who does not answer has said nothing. */
async function askEverybody(registration: Registration, ports: DrillPorts): Promise<SimulatorEvidence> {
  const [venues, engines] = await Promise.all([
    Promise.all(
      registration.venues.map(async (venue) => ({ id: venue.id, says: await orNothing(ports.venues.kind(venue)) })),
    ),
    Promise.all(
      enginesOf(registration).map(async (engine) => ({
        id: engine.instanceId,
        says: await orNothing(ports.engines.riskStatus(engine, { deadlineMs: ASK_MS })),
      })),
    ),
  ]);
  return { registration, venues, engines, now: ports.now() };
}

const orNothing = <T>(answer: Promise<T>): Promise<T | { nothing: string }> =>
  answer.catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    return { nothing: error.message };
  });

const killedAlready = ({ id }: Strategy, { reason, initiatedBy, at }: Latch): Refusal =>
  new Refusal('StrategyKilled', `${id} is killed: ${reason}`, 'recover it, launch it, and drill it then', {
    by: initiatedBy,
    at,
  });

function refusalOf(findings: readonly Finding[]): Refusal | undefined {
  const { verdict, summary } = gateResult('drill', findings);
  if (verdict === 'go') return undefined;
  return new Refusal(
    'NotASimulator',
    `nothing was halted, and no drill was opened. ${summary}`,
    'drill a strategy whose venues are registered as paper or simulated, and whose engines and venues say so',
    { findings },
  );
}

function haltedAlready({ engines }: SimulatorEvidence): Refusal | undefined {
  const halted = engines.filter(({ says }) => isStatus(says) && says.halted).map(({ id }) => id);
  if (halted.length === 0) return undefined;
  return new Refusal(
    'NothingToDrill',
    `halted already: ${halted.join(', ')}; there would be nothing to measure`,
    'launch the strategy first, so that it trades when the drill comes',
    { halted },
  );
}

const isStatus = (says: RiskStatus | { nothing: string }): says is RiskStatus => 'halted' in says;

type Opening = { caller: Caller; opened: DrillOpened; findings: Finding[]; registration: Registration };

function decideDrill(
  state: Strategy,
  { caller, opened, findings, registration }: Opening,
  now: Date,
): Decision<DrillOpened> {
  const { runId, reason, expiresAt } = opened;
  const record = { id: runId, strategyId: state.id, openedBy: caller.subject, at: now.toISOString(), expiresAt };
  return {
    state,
    entries: [
      {
        type: 'drill.started',
        actor: caller.subject,
        run: runId,
        payload: { reason, expiresAt, budgets: drillBudgets(registration.policy), findings },
      },
    ],
    records: [{ kind: 'DRILL', record }],
    reply: opened,
  };
}
