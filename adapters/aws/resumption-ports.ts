import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ResumptionPorts } from '../../domain/resume/decide-resumption.ts';
import { httpVenues } from '../venue/http-venue.ts';
import { goNoGoPorts } from './go-no-go-ports.ts';
import { venueCredential } from './venue-credential.ts';

/** What deciding a resumption takes: what go/no-go takes, and the venues, whose books are compared. */
export const resumptionPorts = {
  ...goNoGoPorts,
  venues: httpVenues({ credentialOf: venueCredential(new SecretsManagerClient({})) }),
} satisfies ResumptionPorts;
