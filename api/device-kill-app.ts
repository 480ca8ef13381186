import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Caller } from '../domain/approval/caller.ts';
import { ActorId } from '../domain/ids.ts';
import {
  DeviceKillBody,
  type DeviceKillPorts,
  deviceKill,
  type ProvedDevice,
  proveDevice,
} from '../domain/kill/device-kill.ts';
import { Refusal } from '../domain/refusal.ts';
import type { DeviceKey } from '../domain/signature/credential.ts';
import { deviceCaller, type SignedRequest } from '../domain/signature/device-request.ts';
import { lenientKey } from './lenient-key.ts';
import { faultProblem, notFound, problem } from './problem.ts';
import { readTextLeniently } from './read-body.ts';

export type DeviceKillApiPorts = DeviceKillPorts & {
  /** Takes a signed request apart, or refuses it with DeviceSignatureInvalid. */
  readSignature: (request: ReceivedRequest) => Promise<SignedRequest>;
  log: (line: Record<string, unknown>) => void;
  randomId: () => string;
  /** Counts a refused attempt for the access log, after the answer is decided. */
  recordRefusal: (caller: Caller, attempted: Attempted, refusal: Refusal) => Promise<void>;
};

type Attempted = { method: string; path: string };
type ReceivedRequest = { method: string; targetUris: readonly string[]; headers: Headers; body: Uint8Array };

/** `POST /v1/device-kills`: signed by a device instead of carrying a token, so that it needs no identity provider (docs/device-kill.md). */
export function deviceKillApp(ports: DeviceKillApiPorts): Hono {
  const app = new Hono();
  app.post('/v1/device-kills', (context) => handleDeviceKill(context, ports));
  app.notFound((context) => problem(notFound(context.req.path)));
  return app;
}

/** Whose signature, may it, do it; a refusal of a device that is known by its signature is counted. */
async function handleDeviceKill(context: Context, ports: DeviceKillApiPorts): Promise<Response> {
  const attempted = { method: 'POST', path: context.req.path };
  let device: ProvedDevice | undefined;
  try {
    const body = new Uint8Array(await context.req.raw.arrayBuffer());
    const { headers } = context.req.raw;
    const signed = await ports.readSignature({ method: 'POST', targetUris: targetUrisOf(context), headers, body });
    device = await proveDevice(signed, ports);
    return await kill(context, device, body, ports);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      const requestId = ports.randomId();
      ports.log({ outcome: 'fault', requestId, error: String(error) });
      return faultProblem(requestId);
    }
    ports.log({ outcome: 'refused', code: error.code, ...attempted });
    if (device)
      await ports
        .recordRefusal(asDevice(device.key), attempted, error)
        .catch((failure: unknown) => ports.log({ outcome: 'fault', error: String(failure) }));
    return problem(error);
  }
}

async function kill(context: Context, device: ProvedDevice, bytes: Uint8Array, ports: DeviceKillApiPorts) {
  const { strategy, scope } = context.req.query();
  const said = DeviceKillBody.parse(readTextLeniently(new TextDecoder().decode(bytes)));
  const body = { ...said, ...(strategy !== undefined && { strategy }), ...(scope !== undefined && { scope }) };
  const commandId = lenientKey(context.req.raw, () => device.proof.nonce);
  const reply = await deviceKill(device, { body, commandId }, ports);
  ports.log({ outcome: 'done', device: device.key.id, latched: reply.latched, summary: reply.summary });
  return context.json(reply, 202);
}

/** In the access log it is the device that tried, whoever owns it. */
const asDevice = (key: DeviceKey): Caller => ({ ...deviceCaller(key), subject: ActorId.parse(key.id) });

/** What API Gateway tells beside the event's path: the path as it was requested, with the stage where the address has one. */
const Gateway = z.object({ requestContext: z.object({ path: z.string() }) });

/** The addresses that this request may have been sent to: on AWS with or without the stage, on one machine without TLS. */
function targetUrisOf({ req, env }: Context): string[] {
  const { host, pathname, search } = new URL(req.url);
  const asked = Gateway.safeParse(env).data?.requestContext.path;
  const paths = [...new Set([pathname, asked ?? pathname])];
  return ['https', 'http'].flatMap((scheme) => paths.map((path) => `${scheme}://${host}${path}${search}`));
}
