import type { Executions } from '../domain/ports/executions.ts';
import type { Flags } from '../domain/ports/flags.ts';
import type { Plans } from '../domain/ports/plans.ts';
import type { Ports } from '../domain/ports/ports.ts';
import type { RequestPorts } from './control-api.ts';

/** What looking takes: ports that can be read from, and none that changes, commands or signs anything. */
export type QueryPorts = RequestPorts &
  Pick<Ports, 'strategies' | 'records' | 'evidence' | 'demoAuthenticators'> & {
    readonly plans: Plans;
    readonly flags: Pick<Flags, 'read'>;
    readonly executions: Pick<Executions, 'history'>;
  };
