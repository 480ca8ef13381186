import { StrategyId } from '../../domain/ids.ts';
import type { KillScopePorts } from '../../domain/kill/kill-scope.ts';
import { Scope, type ScopeLatch } from '../../domain/kill/scope-latch.ts';
import type { Registration } from '../../domain/registration.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { REGISTRATION, START, trader, type World, world } from './world.ts';

const venue = (id: string) => ({ id, url: `http://127.0.0.1:1/${id}` });

/** One more strategy, registered and off, with one engine instance. */
export function register({ store }: Pick<World, 'store'>, name: string, desk: string, venues: string[]): Registration {
  const id = StrategyId.parse(name);
  const engine = { instanceId: `${name}-1`, controlUrl: `http://127.0.0.1:1/${name}-1`, clientId: `client-${name}-1` };
  const where = { desk, venues: venues.map(venue), primaryVenue: venues[0] ?? '' };
  const registration = { ...REGISTRATION, id, ...where, engines: [engine] };
  store.strategies.set(id, { ...newStrategy(id), version: 1 });
  store.records.set(`REGISTRATION#${id}`, { kind: 'REGISTRATION', record: registration });
  return registration;
}

/** The world with four strategies: two of the desk crypto, two of fx, of which `fx-basis` trades at both venues. */
export function desks() {
  const made = world();
  register(made, 'eth-momentum', 'crypto', ['XSIM']);
  register(made, 'eurusd-carry', 'fx', ['XSIF']);
  register(made, 'fx-basis', 'fx', ['XSIF', 'XSIM']);
  return { ...made, scopePorts: scopePorts(made) };
}

/** What the kill of a scope gets, with the registry as it stands. */
export const scopePorts = (made: World): KillScopePorts => ({
  ...made.ports,
  registrationOf: (id) => made.ports.records.get('REGISTRATION', id),
  registrations: () => made.ports.records.list('REGISTRATION', { limit: 1_000 }),
});

/** Every strategy of the world, by its mode. */
export const modesOf = ({ store }: Pick<World, 'store'>): Record<string, string> =>
  Object.fromEntries([...store.strategies.values()].map(({ id, mode }) => [id, mode]));

/** A scope that is latched, of which no strategy has heard yet. */
export function latched({ store }: Pick<World, 'store'>, scope: string): ScopeLatch {
  const latch: ScopeLatch = {
    id: Scope.parse(scope),
    command: `${trader.subject}/${scope}/key-1`,
    initiatedBy: trader.subject,
    initiatorRoles: ['execution-trader'],
    reason: 'loss',
    at: START.toISOString(),
  };
  store.records.set(`LATCH#${scope}`, { kind: 'LATCH', record: latch });
  return latch;
}
