import * as z from 'zod';
import { change, readRegistration } from '../change.ts';
import { Position } from '../engine/position.ts';
import { ActorId, type StrategyId } from '../ids.ts';
import { LIMITS_KEY, RiskLimits } from '../launch/risk-limits.ts';
import { leaseId } from '../lease/lease.ts';
import type { Ports } from '../ports/ports.ts';
import type { Venue } from '../ports/venue.ts';
import type { Registration } from '../registration.ts';
import { readRun, writeRunEvidence } from '../run-evidence.ts';
import { type RunStep, type StepResult, stepKey, withLedgerIndex } from '../run-step.ts';
import { type Exposure, heldOf, type Told } from './exposure.ts';
import { EXPOSURE_FILE } from './exposure-file.ts';
import { positionsAt } from './positions-at.ts';

/**
 * What is held at the kill, by instrument: by the venues' word and by the engines' last reports. It is recorded and shown,
 * and never closed by us. A venue that cannot answer is named.
 */
export async function recordExposure(command: RunStep, ports: Ports): Promise<StepResult> {
  const [registration, run] = await Promise.all([readRegistration(command.strategyId, ports), readRun(command, ports)]);
  const [venues, engines, currency] = await Promise.all([
    Promise.all(registration.venues.map((venue) => toldByVenue(venue, command.strategyId, ports))),
    Promise.all(registration.engines.map((engine) => toldByEngine(command.strategyId, engine, ports))),
    limitsCurrency(command.strategyId, ports),
  ]);
  const exposure: Exposure = { currency, venues, engines };
  const record = await writeRunEvidence(run, EXPOSURE_FILE, exposure, ports);
  const changed = await change(
    command.strategyId,
    stepKey(command, 'RecordExposure'),
    (state) => ({
      state,
      entries: [
        { type: 'kill.exposure', actor: ActorId.parse('service:kill'), run: run.id, payload: { exposure, record } },
      ],
      reply: { summary: summaryOf(exposure), verdict: 'done' as const },
    }),
    ports,
  );
  return withLedgerIndex(changed);
}

async function toldByVenue(venue: Venue, strategyId: StrategyId, ports: Pick<Ports, 'venues'>): Promise<Told> {
  const { positions, unreachable } = await positionsAt(venue, strategyId, ports);
  return positions ? { source: venue.id, positions: heldOf(positions) } : { source: venue.id, unknown: unreachable };
}

const Report = z.object({ positions: z.array(Position) });

async function toldByEngine(
  strategyId: StrategyId,
  { instanceId }: Registration['engines'][number],
  { records }: Pick<Ports, 'records'>,
): Promise<Told> {
  const lease = await records.get('LEASE', leaseId(strategyId, instanceId));
  const report = Report.safeParse(lease?.report).data;
  if (!lease || !report) return { source: instanceId, unknown: 'it never reported its positions' };
  return { source: instanceId, reportedAt: lease.grantedAt, positions: heldOf(report.positions) };
}

/** The money that the limits are written in; null when they cannot be read: the quantities are told all the same. */
async function limitsCurrency(
  strategyId: StrategyId,
  { evidence, parseYaml }: Pick<Ports, 'evidence' | 'parseYaml'>,
): Promise<string | null> {
  const file = await evidence.read(LIMITS_KEY);
  const limits = RiskLimits.safeParse(file && parseYaml(new TextDecoder().decode(file.bytes))).data;
  return limits?.strategies[strategyId]?.currency ?? null;
}

function summaryOf({ venues }: Exposure): string {
  const held = venues.flatMap(({ source, positions = [] }) =>
    positions.map(({ instrument, quantity }) => `${quantity} ${instrument} at ${source}`),
  );
  const silent = venues.flatMap(({ source, unknown }) => (unknown === undefined ? [] : `not known at ${source}`));
  const all = [...held, ...silent];
  return `open positions, left as they are: ${all.length === 0 ? 'none' : all.join(', ')}`;
}
