import { createTokenVerifier } from '../identity/verify-token.ts';
import { environment } from './environment.ts';
import { killPath } from './kill-path.ts';

/** The kill of somebody who has logged in. */
export const killPorts = {
  ...killPath,
  verifyToken: createTokenVerifier({
    issuer: environment.TOKEN_ISSUER,
    clientId: environment.OPERATOR_CLIENT_ID,
    now: killPath.now,
    ahead: true,
    snapshot: () => killPath.records.get('ISSUER', 'issuer'),
  }),
};
