import { join } from 'node:path';
import { itemClient } from '../dynamodb/item-client.ts';
import { channelSecret } from '../seed/channel-secret.ts';
import { demoAuthenticators } from '../seed/demo-authenticators.ts';
import { demoCredential } from '../seed/demo-credential.ts';
import { demoDevices, keepEngineList, shipDemoDevices } from '../seed/demo-devices.ts';
import { demoCiKey } from '../seed/demo-keys.ts';
import { demoStrategies } from '../seed/demo-strategies.ts';
import { demoTickets } from '../seed/demo-tickets.ts';
import { seedEvidence } from '../seed/seed-evidence.ts';
import { seedRecords } from '../seed/seed-records.ts';
import { secretEntries } from '../sinks/sink-addresses.ts';
import type { Stack } from '../template/open-stack.ts';
import { region } from './host-options.ts';
import { makeCustomResources } from './make-custom-resources.ts';
import { registeredChannels } from './registered-channels.ts';
import { registeredEngines } from './registered-engines.ts';
import type { Foundations } from './start-foundations.ts';
import type { Services } from './start-services.ts';
import { venueControlKey } from './start-simulation.ts';

/** What a deployment does last: credentials into secrets, custom resources, and the evidence that others would have put there. */
export async function deployTemplate(stack: Stack, services: Services, foundations: Foundations): Promise<void> {
  const { aws, lambda, answers } = services;
  const { dataPath, installation, now, door } = foundations;
  const channels = secretEntries(registeredChannels(stack), door.url, installation);
  const venues = registeredEngines(stack).flatMap(({ venues: all }) => all.map(({ id }) => id));
  const credentials = Object.fromEntries(venues.map((id) => [id, venueControlKey(installation, id)]));
  await Promise.all([
    aws.secrets.ensureSecret(stack.output('VenueCredentialsSecret'), JSON.stringify(credentials)),
    aws.secrets.changeSecret(stack.output('ChannelSecrets'), channelSecret(channels)),
    seedEvidence({
      s3: aws.s3.handle,
      bucket: stack.output('EvidenceBucket'),
      artifacts: join(dataPath, 'artifacts'),
      key: installation.manifestKey,
      ciKey: demoCiKey(installation),
      now,
    }),
    seedDesk(stack, services, foundations).then(() =>
      // these write to the log of the desk too
      makeCustomResources({ stack, lambda, answers, path: join(dataPath, 'custom-resources.json') }),
    ),
  ]);
}

/**
 * Everybody here can sign from the first start: each demo user with an authenticator in software, which counts on this machine only.
 * And each demo strategy has its approved ticket.
 */
async function seedDesk(
  stack: Stack,
  { identity, aws }: Services,
  { dataPath, dynamo, installation, now }: Foundations,
): Promise<void> {
  const authenticators = await demoAuthenticators(dataPath, identity.demoUsers);
  const items = itemClient({ url: dynamo.url, region, accessKeyId: installation.accessKeyId });
  const tables = { control: stack.output('ControlTable'), ledger: stack.output('LedgerTable') };
  const devices = await demoDevices(dataPath, identity.demoUsers, now());
  const credentials = [...authenticators.map((each) => demoCredential(each, now())), ...devices];
  const strategies = demoStrategies().map(({ id }) => id);
  const tickets = demoTickets(strategies, identity.demoUsers, now());
  await keepEngineList(dataPath, registeredEngines(stack), now());
  await seedRecords([...credentials, ...tickets], { items, tables }, now());
  await shipDemoDevices(devices, { s3: aws.s3.handle, bucket: stack.output('EvidenceBucket') });
}
