import { withDeadline } from '../../domain/kill/with-deadline.ts';
import type { DeviceKey } from '../../domain/signature/credential.ts';
import { readSignature } from '../http-signature/read-signature.ts';
import { takeNonceIn } from './dynamo-nonces.ts';
import { environment } from './environment.ts';
import { killPath, s3 } from './kill-path.ts';
import { ShippedDeviceKeys } from './shipped-device-keys.ts';
import { dynamo, tables } from './store.ts';

const REMEMBERED_MS = 100; // how long the store is asked for a key that is in memory, and for a nonce
const STORE_MS = 1_500; // for a key that is not in memory: who gives up too early can only say that nobody can tell
const SHIPPED_MS = 1_500;
const MOST_KEYS = 1_000;
const MOST_NONCES = 10_000;

const { records, log, now } = killPath;
const shipped = new ShippedDeviceKeys(s3, environment.EVIDENCE_BUCKET);
const createNonce = takeNonceIn(dynamo, tables);
const known = new Map<string, DeviceKey>();
const nonces = new Set<string>();

/** The kill of a device. Neither a key nor a nonce ever makes it wait for a store that does not answer. */
export const deviceKillPorts = { ...killPath, readSignature, deviceKeyOf, takeNonce, prepare };

/** Fetches while nobody waits what the first kill would wait for: its key, the engines, the keys of the devices. */
function prepare(): void {
  killPath.prepare();
  records.list('CREDENTIAL', { limit: MOST_KEYS }).then(
    (all) => {
      for (const each of all) if (each.type === 'device-key') known.set(each.id, each);
    },
    (error: unknown) => failed('the keys of devices could not be learned', error),
  );
}

/** As it stands in the store, which is asked each time so that a revocation holds at once, but waited for only as long as a kill can bear. */
async function deviceKeyOf(id: string): Promise<DeviceKey | undefined> {
  const remembered = known.get(id);
  try {
    return await withDeadline(storedKey(id), remembered ? REMEMBERED_MS : STORE_MS);
  } catch (error) {
    failed('the key of a device could not be read', error);
    return remembered ?? (await shippedKey(id));
  }
}

async function storedKey(id: string): Promise<DeviceKey | undefined> {
  const found = await records.get('CREDENTIAL', id);
  if (found?.type !== 'device-key') return undefined;
  known.set(id, found);
  return found;
}

/** What was shipped. That nothing was proves nothing: then nobody can tell. */
async function shippedKey(id: string): Promise<DeviceKey> {
  const found = await withDeadline(shipped.read(id), SHIPPED_MS);
  if (!found) throw new Error('the key of a device can neither be read nor remembered, and was not shipped');
  known.set(id, found);
  return found;
}

/** This sandbox knows at once, the others through the store; where that does not answer, the kill goes on: it would only be reaffirmed. */
async function takeNonce(id: string): Promise<boolean> {
  if (nonces.has(id)) return false;
  nonces.add(id);
  const [oldest] = nonces;
  if (nonces.size > MOST_NONCES && oldest !== undefined) nonces.delete(oldest);
  return withDeadline(createNonce(id, now()), REMEMBERED_MS).catch((error: unknown) => {
    failed('the nonce of a device could not be kept', error);
    return true;
  });
}

const failed = (message: string, error: unknown) => log({ outcome: 'fault', message, error: String(error) });
