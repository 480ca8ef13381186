import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type DeviceFile, deviceToKillWith } from '../session/device-file.ts';
import { type DirectKillFile, noteReported, pendingDirectKills } from '../session/direct-kill-file.ts';
import { asDevice } from './send-kill.ts';

const REPORT_MS = 5_000;
const Accepted = z.looseObject({ latched: z.boolean(), spooled: z.boolean().optional(), summary: z.string() });

/** Tells the control plane of one direct kill: as a kill, signed afresh, that brings what was sent and answered. Refuses what the client refuses. */
export async function reportDirectKill(context: Context, kill: DirectKillFile, device: DeviceFile) {
  const { strategy, scope, reason, decidedAt, commandId, engines } = kill;
  const direct = { decidedAt, commandId, engines: engines.map(({ controlUrl: _url, ...told }) => toldOf(told)) };
  const target = strategy === undefined ? { scope: scope ?? '' } : { strategy };
  const accepted = await asDevice(context, device, { target, reason, direct }, Accepted, {
    withinMs: REPORT_MS,
    attemptMs: REPORT_MS,
    isAcknowledged: ({ latched, spooled = false }) => latched || spooled,
    onRetry: () => undefined,
  });
  if (!accepted.latched && !accepted.spooled) throw new CliError('unreachable', accepted.summary, 'kill it again now');
  await noteReported(context, kill, accepted);
  return { text: `the direct kill of ${kill.decidedAt} is recorded: ${accepted.summary}`, accepted };
}

/** What was never answered is not known. */
const toldOf = <Told extends { status: string; detail?: string | undefined }>(told: Told) =>
  told.status === 'sending' ? { ...told, status: 'unreachable', detail: 'no answer was seen' } : told;

/** `kill --direct --report`: all that the control plane has not got yet. Refuses when one cannot be told. */
export async function reportPendingKills(context: Context): Promise<void> {
  const pending = await pendingDirectKills(context);
  if (pending.length === 0) context.out.note('the control plane has every direct kill of this machine');
  for (const kill of pending) {
    const { text, accepted } = await reportDirectKill(context, kill, await deviceOf(context, kill));
    context.out.step('succeeded', text, undefined, accepted);
  }
}

/** The same after another command, which it neither holds up for long nor makes fail. */
export async function reportPendingQuietly(context: Context): Promise<void> {
  for (const kill of await pendingDirectKills(context)) {
    const reported = await deviceOf(context, kill)
      .then((device) => reportDirectKill(context, kill, device))
      .catch(() => undefined);
    if (!reported) return;
    context.out.note(reported.text);
  }
}

async function deviceOf(context: Context, { device }: DirectKillFile): Promise<DeviceFile> {
  const found = await deviceToKillWith(context, device);
  if (found) return found;
  throw new CliError('usage', `the key of device:${device} is gone`, 'kill through the control plane with a login');
}
