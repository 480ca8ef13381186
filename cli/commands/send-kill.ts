import type * as z from 'zod';
import type { Insistence } from '../api-client.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type DeviceFile, deviceToKillWith, signingAs } from '../session/device-file.ts';

/** A kill as a person asks for it with a token, and as a device signs it. */
export type KillToSend = {
  readonly path: string;
  readonly target: { readonly strategy: string } | { readonly scope: string };
  readonly reason?: string | undefined;
  /** The device that shall sign, and no login be tried. */
  readonly device?: string | undefined;
};

const TOKEN_MS = 2_000;
const DEVICE_KILLS = '/v1/device-kills';

/**
 * Sends a kill until it is acknowledged. With a login first; where this machine holds a key of the person's, nobody is asked for
 * anything and a login that takes more than two seconds, or is not taken, is done without: the device signs.
 */
export async function sendKill<T>(
  context: Context,
  kill: KillToSend,
  reply: z.ZodType<T>,
  insistence: Insistence<T>,
): Promise<T> {
  const device = await deviceToKillWith(context, kill.device);
  if (!device) return withToken(context, kill, reply, insistence);
  if (kill.device !== undefined) return asDevice(context, device, kill, reply, insistence);
  try {
    const inTime = { ...insistence, withinMs: insistence.attemptMs + TOKEN_MS };
    return await withToken(context, kill, reply, inTime, { askNobody: true });
  } catch (error) {
    if (!mayStillKill(error)) throw error;
    context.out.note(`  without a login (${error instanceof Error ? error.message : ''}): device:${device.name} signs`);
    return asDevice(context, device, kill, reply, insistence).catch((failure: unknown) => {
      throw orDirectly(context, kill, failure);
    });
  }
}

/** Where the control plane cannot be reached at all, the engines still can. */
function orDirectly({ command }: Context, { target }: KillToSend, failure: unknown): unknown {
  if (!(failure instanceof CliError) || failure.exit !== 'unreachable') return failure;
  const what = 'scope' in target ? `--scope ${target.scope}` : `--strategy ${target.strategy}`;
  const { message, code, facts } = failure;
  return new CliError('unreachable', message, `tell the engines themselves: ${command(`kill --direct ${what}`)}`, {
    ...{ code, facts, cause: failure },
  });
}

async function withToken<T>(
  context: Context,
  { path, target, reason }: KillToSend,
  reply: z.ZodType<T>,
  insistence: Insistence<T>,
  { askNobody = false } = {},
): Promise<T> {
  const { surroundings } = context;
  const scoped = 'scope' in target ? target : {};
  const post = { body: { ...scoped, ...(reason !== undefined && { reason }) }, idempotencyKey: surroundings.newKey() };
  if (!askNobody) return (await context.api('kill')).insist(path, reply, post, insistence);
  const api = await context.api('kill', { askNobody, tokenMs: TOKEN_MS });
  return api.insist(path, reply, post, insistence);
}

/** The same key names the same kill, so whatever is sent again is one run; each request is signed afresh. */
export async function asDevice<T>(
  context: Context,
  device: DeviceFile,
  { target, reason, ...more }: Pick<KillToSend, 'target' | 'reason'> & { readonly direct?: object },
  reply: z.ZodType<T>,
  insistence: Insistence<T>,
): Promise<T> {
  const { surroundings } = context;
  const api = await context.api('kill', { sign: signingAs(device, surroundings) });
  const body = {
    ...target,
    ...(reason !== undefined && { reason }),
    ...(more.direct && { direct: more.direct }),
  };
  return api.insist(DEVICE_KILLS, reply, { body, idempotencyKey: surroundings.newKey() }, insistence);
}

/** A person who may not kill, or a target that is not there, is no better off with a device; whatever else went wrong may be. */
function mayStillKill(error: unknown): boolean {
  if (!(error instanceof CliError)) return true;
  return error.exit !== 'unauthorised' && error.exit !== 'usage';
}
