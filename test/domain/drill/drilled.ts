import { type DrillOpened, openDrill } from '../../../domain/drill/open-drill.ts';
import { announceKill } from '../../../domain/kill/announce-kill.ts';
import { certifyKill } from '../../../domain/kill/certify-kill.ts';
import { executeKill } from '../../../domain/kill/execute-kill.ts';
import { freezeLaunches } from '../../../domain/kill/freeze-launches.ts';
import { haltEngines } from '../../../domain/kill/halt-engines.ts';
import type { RunStep } from '../../../domain/run-step.ts';
import { killPorts } from '../../fakes/kill-ports.ts';
import { REGISTRATION, STRATEGY, trader, type World, world } from '../../fakes/world.ts';
import { confirmed, verified } from '../kill/kill-at-its-end.ts';

type Kind = 'live' | 'paper' | 'simulated';

/** Registers the strategy with venues of that kind; of none at all when left out. */
export function registeredAs({ store }: Pick<World, 'store'>, kind?: Kind): void {
  const venues = REGISTRATION.venues.map((venue) => ({ ...venue, ...(kind && { kind }) }));
  store.records.set(`REGISTRATION#${STRATEGY}`, { kind: 'REGISTRATION', record: { ...REGISTRATION, venues } });
}

/** A world in which nothing is live: configuration, venue and engines say so. */
export function simulated(): World {
  const made = world();
  registeredAs(made, 'simulated');
  made.venues.is = 'simulated';
  made.engines.status = { halted: false, venues: [{ venue: 'XSIM', kind: 'simulated' }] };
  return made;
}

/** The trader opens a drill. */
export const opened = async (made: World, key = 'sub-trader/key-0001'): Promise<DrillOpened> =>
  (await openDrill({ caller: trader, strategyId: STRATEGY, key, request: { reason: 'quarterly' } }, made.ports)).reply;

/** The kill of that drill; answers what its machine hands to every state. */
export async function drilled(made: World, { killKey, reason }: Pick<DrillOpened, 'killKey' | 'reason'>) {
  const kill = { caller: trader, strategyId: STRATEGY, reason, commandId: killKey };
  const { runId } = await executeKill(kill, killPorts(made));
  return { strategyId: STRATEGY, runId, epoch: 1 } satisfies RunStep;
}

/** A drill up to the certificate of its kill, with three orders that rested. */
export async function wholeDrill(made = simulated()) {
  Object.assign(made.venues, { resting: 3 });
  const step = await drilled(made, await opened(made));
  await haltEngines(step, made.ports);
  await freezeLaunches(step, made.ports);
  await announceKill(step, made.ports);
  await verified(made, step);
  await confirmed(made, step);
  await certifyKill(step, made.ports);
  return { made, step };
}
