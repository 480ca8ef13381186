import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { environment } from './environment.ts';
import { createSecret } from './secrets.ts';

const Credentials = z.record(z.string(), z.string());

/** The bearer that reads and cancels at a venue, from the secret of all venues; empty for one that is not in it, which the venue then refuses. */
export function venueCredential(secrets: SecretsManagerClient): (venueId: string) => Promise<string> {
  const all = createSecret(secrets, environment.VENUE_CREDENTIALS_SECRET);
  return async (venueId) => Credentials.parse(JSON.parse(await all()))[venueId] ?? '';
}
