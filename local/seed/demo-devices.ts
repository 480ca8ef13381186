import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { Role } from '../../domain/approval/approval.ts';
import { ActorId } from '../../domain/ids.ts';
import { scopesOf } from '../../domain/kill/scope-latch.ts';
import type { DeviceKey } from '../../domain/signature/credential.ts';
import { deviceEntry } from '../../domain/signature/device-enrolment.ts';
import { writeDurably } from '../aws/write-durably.ts';
import type { EngineRegistration } from '../host/registered-engines.ts';
import type { DemoUser } from '../identity/demo-user.ts';
import { keepFile } from '../identity/keep-file.ts';
import { putOnce, type SeededBucket } from './put-once.ts';
import type { SeededRecord } from './seed-records.ts';

/** The key of a device as the command line keeps its own (cli/session/device-file.ts; a test kills with it). */
const DemoDevice = z.object({
  name: z.string(),
  as: z.string(),
  button: z.literal(false),
  privateKey: z.string(),
  publicKey: z.string(),
});
type DemoDevice = z.infer<typeof DemoDevice>;

const OWNERS = ['trader', 'risk'];
const HOST = { subject: ActorId.parse('service:local-host') };

/** A key for each of the two demo users who kill, in `devices/keys/` (0600), where the command line finds it: made at the first start, and enrolled as active. */
export const demoDevices = (dataPath: string, users: readonly DemoUser[], now: Date): Promise<SeededRecord[]> =>
  Promise.all(
    users
      .filter(({ name }) => OWNERS.includes(name))
      .map(async (user) => {
        const name = `${user.name}-laptop`;
        const path = join(dataPath, 'devices', 'keys', `${name}.json`);
        const made = async () => ({ name, as: user.name, button: false as const, ...newKey() });
        return enrolled(await keepFile(path, DemoDevice, made, 'begin anew with --fresh'), user, now);
      }),
  );

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
}

function enrolled({ name, publicKey }: DemoDevice, { subject, groups }: DemoUser, now: Date): SeededRecord {
  const proposed: DeviceKey = {
    type: 'device-key',
    id: `device:${name}`,
    subject: ActorId.parse(subject),
    roles: groups.flatMap((group) => Role.safeParse(group).data ?? []),
    publicKey,
    status: 'proposed',
    enrolledBy: HOST.subject,
    enrolledAt: now.toISOString(),
    label: 'demo device of this machine',
    version: 1,
  };
  const record: DeviceKey = { ...proposed, status: 'active', approvedBy: HOST.subject };
  return {
    kind: 'CREDENTIAL',
    record,
    entries: [deviceEntry('enrolled', proposed, HOST), deviceEntry('approved', record, HOST)],
  };
}

/** Ships the keys as approving a device does (adapters/aws/shipped-device-keys.ts; a test reads them with it), so that a kill finds them while the store is away. */
export async function shipDemoDevices(devices: readonly SeededRecord[], bucket: SeededBucket): Promise<void> {
  const put = putOnce(bucket);
  for (const { record } of devices) {
    const key = `device-keys/${record.id.replace(/^device:/, '')}/active.json`;
    await put(key, Buffer.from(JSON.stringify(record)), 'application/json');
  }
}

/** Where the engines of this machine are, as `device sync` would keep it, so that `kill --direct` works from the first start. */
export async function keepEngineList(dataPath: string, registrations: readonly EngineRegistration[], now: Date) {
  const engines = registrations.flatMap(({ id: strategyId, engines: instances, ...registration }) =>
    instances.map(({ instanceId, controlUrl }) => ({
      ...{ strategyId, instanceId, controlUrl },
      scopes: scopesOf(registration),
    })),
  );
  const text = `${JSON.stringify({ syncedAt: now.toISOString(), engines }, null, 2)}\n`;
  await writeDurably(join(dataPath, 'devices', 'engines.json'), Buffer.from(text), { mode: 0o600 });
}
