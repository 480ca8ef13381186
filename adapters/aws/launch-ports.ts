import { randomUUID } from 'node:crypto';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { ports } from './ports.ts';

/** What a machine's steps have, with what a request of a person takes. What may be done with it is a matter of grants. */
export const launchPorts = {
  ...ports,
  verifyToken: createTokenVerifier({
    issuer: environment.TOKEN_ISSUER,
    clientId: environment.OPERATOR_CLIENT_ID,
    now: ports.now,
  }),
  log,
  randomId: randomUUID,
};
