import { randomUUID } from 'node:crypto';
import { createTokenVerifier } from '../identity/verify-token.ts';
import { now } from './clock.ts';
import { environment } from './environment.ts';
import { log } from './log.ts';
import { ports } from './ports.ts';

const issuer = environment.TOKEN_ISSUER;

/** What the HTTP surface needs beside the usual ports: who calls, and a log. */
export const apiPorts = {
  ...ports,
  verifyToken: createTokenVerifier({ issuer, clientId: environment.OPERATOR_CLIENT_ID, now }),
  /** Any client of the issuer; the registration binds each to its instance. */
  verifyEngineToken: createTokenVerifier({ issuer, now }),
  log,
  randomId: randomUUID,
};
