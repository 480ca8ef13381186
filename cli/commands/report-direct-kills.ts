import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type DeviceFile, deviceToKillWith } from '../session/device-file.ts';
import { type DirectKillFile, directKillPath, noteReported, pendingDirectKills } from '../session/direct-kill-file.ts';
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

/**
 * `kill --direct --report`: all that the control plane has not got yet, each whatever becomes of the others, signed by the device
 * that sent it, or by `device` where that one may not kill any more. Throws, at the end, why the first one could not be told.
 */
export async function reportPendingKills(context: Context, device?: string): Promise<void> {
  const pending = await pendingDirectKills(context);
  if (pending.length === 0) context.out.note('the control plane has every direct kill of this machine');
  const failures: CliError[] = [];
  for (const kill of pending) {
    try {
      const by = await deviceOf(context, device === undefined ? kill : { ...kill, device });
      const { text, accepted } = await reportDirectKill(context, kill, by);
      context.out.step('succeeded', text, undefined, accepted);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      failures.push(error);
      const path = directKillPath(context, kill);
      context.out.note(`  that of ${kill.decidedAt} (${path}) could not be told: ${error.message}`);
      context.out.note('  add --device <name> to have another device tell it');
    }
  }
  if (failures[0]) throw failures[0];
}

/** Telling of a kill kills: what is older than this only somebody tells who says so. */
const TOLD_BY_ITSELF_MS = 24 * 3_600_000;

/** The same after another command, which it neither holds up for long nor makes fail; of an old one it only reminds. */
export async function reportPendingQuietly(context: Context): Promise<void> {
  const { out, surroundings } = context;
  for (const kill of await pendingDirectKills(context)) {
    if (surroundings.now().getTime() - Date.parse(kill.decidedAt) > TOLD_BY_ITSELF_MS) {
      out.note(
        `the direct kill of ${kill.decidedAt} was never told: kill --direct --report tells it, which kills again`,
      );
      continue;
    }
    const reported = await deviceOf(context, kill)
      .then((device) => reportDirectKill(context, kill, device))
      .catch(() => undefined);
    if (!reported) return;
    out.note(reported.text);
  }
}

async function deviceOf(context: Context, { device }: DirectKillFile): Promise<DeviceFile> {
  const found = await deviceToKillWith(context, device);
  if (found) return found;
  throw new CliError('usage', `the key of device:${device} is gone`, 'kill through the control plane with a login');
}
