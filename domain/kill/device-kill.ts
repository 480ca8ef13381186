import * as z from 'zod';
import { StrategyId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { DeviceKey } from '../signature/credential.ts';
import type { DeviceProof } from '../signature/device-proof.ts';
import {
  deviceCaller,
  proveDeviceRequest,
  refuseDevice,
  type SignedRequest,
  unknownDevice,
} from '../signature/device-request.ts';
import { directKillIn, toldBefore } from './direct-kill.ts';
import { executeKill, type KillReply } from './execute-kill.ts';
import { type KillScopePorts, type KillScopeReply, killScope } from './kill-scope.ts';

/** What a device asks for, as far as it says anything: form refuses no kill (product decision 2). `direct` is its report of what it told the engines itself. */
export const DeviceKillBody = z
  .object({
    strategy: z.unknown(),
    scope: z.unknown(),
    reason: z.unknown(),
    direct: z.unknown(),
  })
  .partial()
  .catch({});
export type DeviceKillBody = z.infer<typeof DeviceKillBody>;

export type DeviceKillPorts = KillScopePorts & {
  /** A key as it stands in the store, or, where that does not answer in time, as it is remembered. Nothing when there is no such device; throws when nobody can tell. */
  deviceKeyOf: (id: string) => Promise<DeviceKey | undefined>;
  /** Takes a nonce: true the first time only, and true where nobody can tell in time, since a kill that comes twice only reaffirms. */
  takeNonce: (id: string) => Promise<boolean>;
};

/** A device that has proved that it sent this very request. It may still be one that may not kill. */
export type ProvedDevice = { readonly key: DeviceKey; readonly proof: DeviceProof };

/** Whose signature it is. Refuses with UnknownDevice and DeviceSignatureInvalid. */
export async function proveDevice(
  signed: SignedRequest,
  { deviceKeyOf }: Pick<DeviceKillPorts, 'deviceKeyOf'>,
): Promise<ProvedDevice> {
  const key = await deviceKeyOf(signed.keyid);
  if (!key) throw unknownDevice(signed.keyid);
  const proof = proveDeviceRequest(signed, key);
  if (proof instanceof Refusal) throw proof;
  return { key, proof };
}

/**
 * The kill that a device signed: a command line without a login, or a button on the wall. From here on it is the kill of anybody
 * else (`executeKill`, `killScope`). Refuses a device that may not (any more, or yet), a signature that is late or was used, and
 * an unknown target; nothing else.
 */
export async function deviceKill(
  { key, proof }: ProvedDevice,
  { body, commandId }: { body: DeviceKillBody; commandId: string },
  ports: DeviceKillPorts,
): Promise<KillReply | KillScopeReply> {
  const refusal = refuseDevice(key, proof, ports.now());
  if (refusal) throw refusal;
  if (!(await ports.takeNonce(`${key.id}/${proof.nonce}`))) throw replayed(key, proof);
  const { strategy, scope, reason } = body;
  const told = directKillIn(body.direct);
  const signed = { proof, ...(told && { direct: toldBefore(told, key.publicKey) }) };
  const command = { caller: deviceCaller(key), reason, commandId, signed };
  if (scope !== undefined || strategy === undefined) return killScope({ ...command, scope }, ports);
  return executeKill({ ...command, strategyId: strategyOf(strategy) }, ports);
}

const replayed = ({ id }: DeviceKey, { nonce }: DeviceProof): Refusal =>
  new Refusal(
    'DeviceSignatureReplayed',
    `this request of ${id} was received before`,
    'sign every request afresh, with a nonce of its own',
    { device: id, nonce },
  );

function strategyOf(text: unknown): StrategyId {
  const id = StrategyId.safeParse(text);
  if (id.success) return id.data;
  throw new Refusal(
    'UnknownStrategy',
    `there is no strategy ${String(text).slice(0, 60)}`,
    'look at the list of strategies; nothing was halted',
  );
}
