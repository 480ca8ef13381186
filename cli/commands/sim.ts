import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { type Simulation, simulation } from '../local-data.ts';
import { table } from '../output/table.ts';

type Where = 'engine' | 'venue' | 'channel';

/** The faults that can be injected, where they act, and what one sees. */
export const FAULTS = {
  freeze: ['engine', 'the engine process stops answering; its lease ends'],
  'stop-heartbeats': ['engine', 'the engine renews its lease without heartbeats of its components'],
  'stop-market-data': ['engine', 'its price feed has stopped: no heartbeat of it any more'],
  'stop-feature-store': ['engine', 'its feature store has stopped: no heartbeat of it any more'],
  'stop-execution': ['engine', 'no heartbeat of gateway and acknowledgements any more'],
  'stop-risk-service': ['engine', 'no heartbeat of its risk service any more'],
  'drop-acks': ['engine', 'acknowledgements of orders get lost'],
  'slow-acks': ['engine', 'acknowledgements of orders take 160 ms more'],
  drift: ['engine', 'its portfolio wants other positions than it holds'],
  'skewed-clock': ['engine', 'its clock is four seconds ahead'],
  'bad-telemetry': ['engine', 'its metrics are nonsense'],
  'other-limits': ['engine', 'the engine says that it runs other limits'],
  stale: ['engine', 'a deployment goes past the engine, which says that it obeyed'],
  'misreport-position': ['engine', 'the engine reports one unit more than it holds, and less cash'],
  'slow-venue': ['venue', 'the venue answers late'],
  'refuse-cancel': ['venue', 'the venue refuses to cancel orders'],
  'silent-venue': ['venue', 'the venue does not answer at all'],
  'channel-down': ['channel', 'the provider of a channel of messages is away'],
  'channel-slow': ['channel', 'it does not answer, and takes nothing'],
  'channel-429': ['channel', 'it asks us to come back in a second'],
  'channel-500': ['channel', 'it is broken'],
  'channel-duplicate': ['channel', 'its first answer to each message is lost, so that it is sent again'],
} as const satisfies Record<string, readonly [Where, string]>;

type FaultName = keyof typeof FAULTS;
const isFault = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);
const baseOf = (where: Where, { engineFaultUrl, venueFaultUrl, channelFaultUrl }: Simulation) =>
  ({ engine: engineFaultUrl, venue: venueFaultUrl, channel: channelFaultUrl })[where].replace(/\/+$/, '');

/** What each program calls the one that a fault is in. */
const TARGETS = { engine: 'instance', venue: 'venue', channel: 'channel' } as const;

type SimFault = { readonly off?: boolean; readonly instance?: string };

/** Injects a fault into the simulated engine, venue or channels, or takes it away again (`--off`): everywhere there, or in one engine instance, venue or channel. Local simulation only. */
export async function simFault(context: Context, name: string, { off, instance }: SimFault): Promise<void> {
  const { out } = context;
  if (!isFault(name))
    throw new CliError('usage', `there is no fault '${name}'`, `one of: ${Object.keys(FAULTS).join(', ')}`, {
      code: 'UnknownFault',
    });
  const [where, effect] = FAULTS[name];
  const base = baseOf(where, await simulation(context.options.data));
  const only = instance === undefined ? '' : `?${TARGETS[where]}=${encodeURIComponent(instance)}`;
  await asked(`${base}/faults/${name}${only}`, off ? 'DELETE' : 'POST');
  out.step('succeeded', off ? `${name} is off` : `${name} is on: ${effect}`, undefined, {
    fault: name,
    at: where,
    on: !off,
  });
  const again = instance === undefined ? name : `${name} --instance ${instance}`;
  if (!off) out.note(`  take it away: ${context.command(`sim fault ${again} --off`)}`);
}

/** All faults, and which are on now. */
export async function simFaults(context: Context): Promise<void> {
  const { out } = context;
  const where = await simulation(context.options.data);
  const [engine, venue, channel] = await Promise.all(
    (['engine', 'venue', 'channel'] as const).map((each) => faultsOf(baseOf(each, where))),
  );
  const active = { engine, venue, channel };
  const list = Object.entries(FAULTS).map(([fault, [at, effect]]) => ({
    fault,
    at,
    on: active[at]?.includes(fault) ?? false,
    effect,
  }));
  if (out.format === 'jsonl') return list.forEach((each) => void out.result(each, ''));
  const rows = list.map(({ fault, at, on, effect }) => [fault, at, on ? 'on' : 'off', effect]);
  out.result(undefined, table(out.paint, ['fault', 'at', 'now', 'what it does'], rows, ''));
}

/** What a fault port lists: every fault it has, with the targets it is on for. */
const FaultList = z.looseObject({ faults: z.array(z.looseObject({ name: z.string(), active: z.array(z.string()) })) });

async function faultsOf(base: string): Promise<string[]> {
  const url = `${base}/faults`;
  const text = await asked(url, 'GET');
  try {
    return FaultList.parse(JSON.parse(text)).faults.flatMap(({ name, active }) => (active.length > 0 ? [name] : []));
  } catch (cause) {
    throw failed('GET', url, `it said ${text.slice(0, 200)}`, cause);
  }
}

async function asked(url: string, method: string): Promise<string> {
  try {
    const response = await fetch(url, { method, signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    if (response.ok) return text;
    throw failed(method, url, `${response.status} ${text.slice(0, 200)}`);
  } catch (error) {
    throw error instanceof CliError ? error : failed(method, url, String(error), error);
  }
}

const failed = (method: string, url: string, why: string, cause?: unknown) =>
  new CliError('outside', `the simulation did not do ${method} ${url}: ${why}`, "is 'npm start' running?", {
    code: 'SimulationUnreachable',
    cause,
  });
