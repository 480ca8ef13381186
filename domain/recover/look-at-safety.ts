import { readRegistration } from '../change.ts';
import { enginesOf } from '../engine-instances.ts';
import { requireDrained } from '../kill/drain-spool.ts';
import { type Finding, type GateResult, gateResult } from '../launch/finding.ts';
import { LogId } from '../ledger/ledger-entry.ts';
import type { Ports } from '../ports/ports.ts';
import type { PostMortem } from '../post-mortem/post-mortem.ts';
import { Refusal } from '../refusal.ts';
import type { RunStep } from '../run-step.ts';
import { type OpenPosition, openPositions } from './open-positions.ts';
import {
  checkActions,
  checkDrained,
  checkEngine,
  checkFlag,
  checkLedger,
  checkNothingRests,
  checkPositions,
} from './safety-findings.ts';
import { type StoredLogPorts, verifyStoredLog } from './verify-stored-log.ts';

export type RecoverPorts = Ports & StoredLogPorts;

/** What people have signed, as far as it is looked at. */
export type Carried = { readonly postMortem: PostMortem; readonly accepted: readonly OpenPosition[] };

/** Looks at everything that has to be safe before a latch is lifted, all of it each time, and returns every finding. A kill of the spool is taken in first. */
export async function lookAtSafety(command: RunStep, carried: Carried, ports: RecoverPorts): Promise<GateResult> {
  const { strategyId } = command;
  const registration = await readRegistration(strategyId, ports);
  const state = await requireDrained(strategyId, ports);
  const at = ports.now().toISOString();
  const [stored, flag, held, ...asked] = await Promise.all([
    verifyStoredLog(LogId.parse(strategyId), ports),
    ports.flags.read(registration.flag, state.flagVersion),
    openPositions(registration.venues, strategyId, ports),
    ...registration.venues.map((venue) => checkNothingRests(venue, state, ports, at)),
    ...enginesOf(registration).map((instance) => checkEngine(instance, state, ports, at)),
  ] as const);
  const spooled = await ports.spool.read(strategyId, state.spooledKills);
  const findings: Finding[] = [
    ...checkDrained(state, spooled !== undefined, at),
    checkLedger(stored, at),
    checkFlag(flag, at),
    ...asked,
    ...held.map((each) => checkPositions(each, carried.accepted, at)),
    checkActions(carried.postMortem, at),
  ];
  return gateResult('recovery', findings);
}

/** The refusal of a gate that says no, with every finding; nothing when it says go. */
export function refuseUnsafe({ verdict, summary, findings }: GateResult): Refusal | undefined {
  const first = findings.find((each) => each.verdict === 'no-go');
  if (verdict === 'go' || !first) return undefined;
  return new Refusal(first.code, summary, 'mend what the findings name, then recover again', { findings });
}
