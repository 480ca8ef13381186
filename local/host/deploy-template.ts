import { join } from 'node:path';
import { seedEvidence } from '../seed/seed-evidence.ts';
import type { Stack } from '../template/open-stack.ts';
import { makeCustomResources } from './make-custom-resources.ts';
import { registeredEngines } from './registered-engines.ts';
import type { Foundations } from './start-foundations.ts';
import type { Services } from './start-services.ts';
import { venueControlKey } from './start-simulation.ts';

/** What a deployment does last: credentials into secrets, custom resources, and the evidence that others would have put there. */
export async function deployTemplate(
  stack: Stack,
  { aws, lambda, answers }: Services,
  foundations: Foundations,
): Promise<void> {
  const { dataPath, installation, now } = foundations;
  const venues = registeredEngines(stack).flatMap(({ venues: all }) => all.map(({ id }) => id));
  const credentials = Object.fromEntries(venues.map((id) => [id, venueControlKey(installation, id)]));
  await Promise.all([
    aws.secrets.ensureSecret(stack.output('VenueCredentialsSecret'), JSON.stringify(credentials)),
    seedEvidence({
      s3: aws.s3.handle,
      bucket: stack.output('EvidenceBucket'),
      artifacts: join(dataPath, 'artifacts'),
      key: installation.manifestKey,
      now,
    }),
    makeCustomResources({ stack, lambda, answers, path: join(dataPath, 'custom-resources.json') }),
  ]);
}
