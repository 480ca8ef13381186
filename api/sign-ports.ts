import type { Plans } from '../domain/ports/plans.ts';
import type { Ports } from '../domain/ports/ports.ts';
import type { SigningPorts } from '../domain/signature/sign-document.ts';
import type { RequestPorts } from './control-api.ts';

/** What signing takes: to read what is asked, to write an answer, and to wake the machine that waits for it. */
export type SignPorts = RequestPorts &
  SigningPorts &
  Pick<Ports, 'strategies' | 'records' | 'ledger' | 'executions' | 'bus' | 'jitter'> & {
    /** 256 random bits, base64url. */
    readonly randomSecret: () => string;
    /** What is launched when a launch is confirmed: nobody signs a plan that is not the plan any more. */
    readonly plans: Pick<Plans, 'now'>;
  };
