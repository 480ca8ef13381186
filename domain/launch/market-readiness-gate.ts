import { readRegistration } from '../change.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Registration } from '../registration.ts';
import type { RunStep } from '../run-step.ts';
import { checkMarketReadiness, type VenueReadiness } from './check-market-readiness.ts';
import { type GateResult, gateResult } from './finding.ts';
import { readApprovedChange } from './read-approved-change.ts';

/** What the gate reads: the same at the preconditions, at go/no-go, and before the flag is flipped. */
export type MarketPorts = Pick<Ports, 'records' | 'now'> & Parameters<typeof readApprovedChange>[1];

/** Runbook 1.3: every venue of the strategy is open, or opens soon, and nothing is halted. Calendars and halts are read afresh each time: a halt that begins while a launch is under way stops it. */
export async function marketReadinessGate(
  { strategyId }: Pick<RunStep, 'strategyId'>,
  ports: MarketPorts,
): Promise<GateResult> {
  const registration = await readRegistration(strategyId, ports);
  const venues = await Promise.all(registration.venues.map(({ id }) => readVenue(id, ports)));
  const halted = venues.some(({ halts }) => halts.some(({ instrument }) => instrument !== undefined));
  const instruments = halted ? await instrumentsOf(registration, ports) : [];
  const { launchLeadMinutes: leadMinutes } = registration.policy;
  return gateResult('market readiness', checkMarketReadiness({ venues, instruments, leadMinutes, now: ports.now() }));
}

async function readVenue(mic: string, { records }: Pick<Ports, 'records'>): Promise<VenueReadiness> {
  const [stored, halted] = await Promise.all([records.get('CALENDAR', mic), records.get('HALT', mic)]);
  return { mic, stored, halts: halted?.halts ?? [] };
}

/** What the approved limits let it trade; nothing where they cannot be read, which is a no of another gate. */
async function instrumentsOf({ id }: Registration, ports: MarketPorts): Promise<string[] | undefined> {
  try {
    return Object.keys((await readApprovedChange(id, ports)).limits.instruments);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
