import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { Problem } from '../replies.ts';
import { type DeviceFile, deviceToKillWith, signAsDevice } from '../session/device-file.ts';
import { type DirectKillFile, directKillPath, keepDirectKill, type ToldEngine } from '../session/direct-kill-file.ts';
import { engineList } from '../session/engine-list.ts';
import { reportDirectKill } from './report-direct-kills.ts';

export type KillDirectOptions = {
  readonly strategy?: string;
  readonly scope?: string;
  readonly reason?: string;
  readonly device?: string;
};

const ENGINE_MS = 2_000;
const Halted = z.object({ halted: z.literal(true), haltedAt: z.string(), openOrders: z.number() });

/**
 * Runbook 5.1 without the control plane: tells the engines themselves to halt, signed by a device of this machine, and says what
 * each answered and never more. It is kept on this machine before the first of them hears of it, and told to the control plane at
 * once, or by the next command that reaches it.
 */
export async function killDirect(context: Context, options: KillDirectOptions): Promise<void> {
  const { out, surroundings } = context;
  const device = await deviceToKillWith(context, options.device);
  if (!device)
    throw new CliError(
      'usage',
      'this machine holds no key that could sign a direct kill',
      'kill through the control plane, or stop the engine processes by hand; next time: tradepulse-cli device create',
      { code: 'DeviceKeyMissing' },
    );
  const { engines, syncedAt } = await engineList(context, options);
  out.note(`  engines as of ${utc(syncedAt)}; device:${device.name} signs`);
  const { strategy, scope, reason } = options;
  const commandId = `direct/${device.name}/${surroundings.newKey()}`;
  const halts = await Promise.all(
    engines.map((engine) => prepared(engine, { commandId, reason, device }, surroundings)),
  );
  const kill: DirectKillFile = {
    commandId,
    decidedAt: surroundings.now().toISOString(),
    device: device.name,
    ...{ strategy, scope, reason },
    engines: halts.map(({ engine }) => engine),
  };
  await keepDirectKill(context, kill).catch((error: unknown) =>
    out.note(`  it could not be written down (${String(error)}): the engines are told all the same`),
  );
  const told = await Promise.all(halts.map(send));
  for (const engine of told) out.step(engine.status === 'halted' ? 'succeeded' : 'failed', wordsOf(engine));
  const known = { ...kill, engines: told };
  await keepDirectKill(context, known).catch(() => undefined); // said above
  await finish(context, known, device);
}

type Halt = { engine: ToldEngine; url: string; body: string; headers: Record<string, string> };

/** Epoch 0 fences whatever the engine has armed so far: we know no better. */
async function prepared(
  { strategyId, instanceId, controlUrl }: Pick<ToldEngine, 'strategyId' | 'instanceId' | 'controlUrl'>,
  { commandId, reason = 'not given', device }: { commandId: string; reason: string | undefined; device: DeviceFile },
  surroundings: Context['surroundings'],
): Promise<Halt> {
  const url = `${controlUrl}/v1/commands/halt`;
  const body = JSON.stringify({ strategyId, epoch: 0, commandId, reason });
  const { headers, base, signature } = await signAsDevice(device, { url, body }, surroundings);
  const engine: ToldEngine = { strategyId, instanceId, controlUrl, base, signature, status: 'sending' };
  return { engine, url, body, headers };
}

async function send({ engine, url, body, headers }: Halt): Promise<ToldEngine> {
  try {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ENGINE_MS),
    });
    return answered(engine, reply.status, await reply.text());
  } catch (error) {
    const { cause } = error instanceof Error ? error : { cause: undefined };
    return { ...engine, status: 'unreachable', detail: cause instanceof Error ? cause.message : String(error) };
  }
}

function answered(engine: ToldEngine, status: number, text: string): ToldEngine {
  const said = jsonOf(text);
  const halted = status === 200 ? Halted.safeParse(said).data : undefined;
  if (halted) return { ...engine, status: 'halted', haltedAt: halted.haltedAt, openOrders: halted.openOrders };
  const detail = Problem.safeParse(said).data?.detail ?? `it answered ${status}`;
  return { ...engine, status: status >= 400 && status < 500 ? 'refused' : 'unreachable', detail };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const wordsOf = ({ instanceId, status, haltedAt, openOrders, detail }: ToldEngine): string =>
  status === 'halted'
    ? `${instanceId} says that it halted at ${utc(haltedAt)}; ${openOrders} orders rested then and are being cancelled`
    : `${instanceId} ${status}: ${detail}`;

/** The control plane hears of it at once where it can. What is not known to be halted is said last, with the exit code. */
async function finish(context: Context, kill: DirectKillFile, device: DeviceFile): Promise<void> {
  const { out } = context;
  const failure = await reportDirectKill(context, kill, device).then(
    ({ text, accepted }) => out.step('succeeded', text, undefined, accepted),
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const open = kill.engines.filter(({ status }) => status !== 'halted').map(({ instanceId }) => instanceId);
  if (failure !== undefined) {
    out.note(`  the control plane has not got it: ${failure}`);
    out.note(
      `  it is kept in ${directKillPath(context, kill)}; the next command that reaches the control plane tells it`,
    );
  }
  if (open.length > 0)
    throw new CliError(
      'outside',
      `not known to be halted: ${open.join(', ')}`,
      'stop these processes by hand; without the control plane their leases end within seconds',
      { code: 'NotHalted', facts: { open, reported: failure === undefined } },
    );
  if (failure !== undefined)
    throw new CliError(
      'unreachable',
      'every engine says that it has halted, but nothing is latched: the control plane does not know yet',
      `as soon as it is back: ${context.command('kill --direct --report')}`,
      { code: 'NotReported' },
    );
}
