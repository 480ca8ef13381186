import { change, readRegistration } from '../change.ts';
import { announce } from '../communications/announce.ts';
import type { Decision } from '../decision.ts';
import { readDrill } from '../drill/read-drill.ts';
import type { ActorId, RunId, StrategyId } from '../ids.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import type { IncidentUpdate } from './incident-update.ts';

export type UpdateIncident = { strategyId: StrategyId; actor: ActorId; key: string; request: IncidentUpdate };
export type IncidentUpdated = { runId: RunId; expectedRecovery: string; summary: string };

/** Runbook 5.1.3: another expected recovery, told to everybody who was told of the kill. Refuses a strategy that is not killed, and a time that is over. */
export async function updateIncident({ strategyId, actor, key, request }: UpdateIncident, ports: IncidentPorts) {
  const { policy } = await readRegistration(strategyId, ports);
  const decide = async (state: Strategy) => {
    const drill = state.latch !== undefined && (await readDrill(state.latch.runId, ports)) !== undefined;
    return decideUpdate(state, { actor, request, bridgeUrl: policy.bridgeUrl, drill }, ports.now());
  };
  return change(strategyId, { key, body: request }, decide, ports);
}

type IncidentPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'>;
type Update = { actor: ActorId; request: IncidentUpdate; bridgeUrl: string | undefined; drill: boolean };

function decideUpdate(
  state: Strategy,
  { actor, request, bridgeUrl, drill }: Update,
  now: Date,
): Decision<IncidentUpdated> | Refusal {
  const { id: strategyId, latch } = state;
  if (!latch)
    return new Refusal('StrategyNotKilled', `${strategyId} is not killed`, 'there is no incident: look at its status');
  const expectedRecovery = new Date(request.eta).toISOString();
  if (expectedRecovery <= now.toISOString())
    return new Refusal('InvalidRequest', `${expectedRecovery} is over`, 'give a time to come', { now });
  const { runId } = latch;
  const occasion = now.toISOString();
  return {
    state: { ...state, latch: { ...latch, expectedRecovery, updatedAt: occasion } },
    entries: [
      {
        type: 'incident.updated',
        actor,
        run: runId,
        payload: { expectedRecovery, before: latch.expectedRecovery ?? null },
      },
    ],
    records: announce('incident-updated', { strategyId, runId, expectedRecovery, bridgeUrl, occasion, drill }, now),
    reply: { runId, expectedRecovery, summary: `${strategyId}: expected recovery is ${expectedRecovery} now` },
  };
}
