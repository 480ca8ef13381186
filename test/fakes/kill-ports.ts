import type { KillPorts } from '../../domain/kill/execute-kill.ts';
import { REGISTRATION, STRATEGY, type World } from './world.ts';

/** What the kill path gets, with the registration in its memory and the world's clock. */
export const killPorts = (made: World): KillPorts => ({
  ...made.ports,
  registrationOf: async (id) => (id === STRATEGY ? REGISTRATION : undefined),
  elapsedMs: () => made.clock.now.getTime(),
});
