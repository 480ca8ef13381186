import { setTimeout as delay } from 'node:timers/promises';
import { accessToken } from '../cli/access-token.ts';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { type Figure, percentile } from './figure.ts';
import { type KillSample, killOnce, kills, type Target } from './kills.ts';

const STRATEGIES = ['btc-momentum', 'eurusd-carry'];
const SURROUNDINGS = {
  env: process.env,
  now: () => new Date(),
  sleep: (ms: number) => delay(ms),
  stderr: process.stderr,
  interrupted: new AbortController().signal,
};
const WARM_UP = 40;
const ONE_CLIENT = 300;
const EIGHT_CLIENTS = 60;

/** Everything that is measured on a running local host: its start, the first kill, then many. */
export async function killFigures(): Promise<Figure[]> {
  const host = await startLocalHost();
  try {
    return [
      { name: 'host alone, exec to ready', value: host.startedInMs / 1000, unit: 's', budget: 2 },
      ...(await manyKills(host)),
    ];
  } finally {
    await host.close();
  }
}

/** `npm start` with everything built, in a fresh data folder, until a kill is acknowledged: login included. */
export async function firstKillFigure(): Promise<Figure[]> {
  const startedAt = performance.now();
  const host = await startLocalHost(['npm', 'start', '--silent', '--']);
  try {
    await killOnce(await targetOf(host), 'btc-momentum');
    return [
      { name: 'npm start to first accepted kill', value: (performance.now() - startedAt) / 1000, unit: 's', budget: 5 },
    ];
  } finally {
    await host.close();
  }
}

async function targetOf({ url, data }: LocalHost): Promise<Target> {
  const token = await accessToken({ dataPath: data, as: 'risk', scopes: ['control-plane/kill'] }, SURROUNDINGS);
  return { url, token, strategies: STRATEGIES };
}

async function manyKills(host: LocalHost): Promise<Figure[]> {
  const target = await targetOf(host);
  await kills(target, STRATEGIES.length, WARM_UP / STRATEGIES.length);
  const one = await kills(target, 1, ONE_CLIENT);
  const eight = await kills(target, 8, EIGHT_CLIENTS);
  const shared = `${STRATEGIES.length} strategies shared by the clients, so that they contend`;
  return [
    ...latencies('kill acknowledged, one client', one.samples, { p50: 5, p99: 12 }),
    ...latencies('kill acknowledged, eight clients', eight.samples, { p99: 75 }, shared),
    { name: 'kills, eight clients', value: eight.perSecond, unit: '/s', budget: 250, atLeast: true, note: shared },
    ...halted(one.samples),
  ];
}

/** An acknowledgement that says `halted` holds the answers of all engines: its time is an upper bound of theirs. */
function halted(samples: readonly KillSample[]): Figure[] {
  const confirmed = samples.filter((sample) => sample.halted);
  const note = `${confirmed.length} of ${samples.length} acknowledgements held the engine's own answer`;
  if (confirmed.length === 0)
    return [{ name: 'kill to engine halted, p99', value: Number.POSITIVE_INFINITY, unit: 'ms', budget: 50, note }];
  return latencies('kill to engine halted', confirmed, { p99: 50 }, note);
}

function latencies(
  name: string,
  samples: readonly KillSample[],
  budget: { p50?: number; p99?: number },
  note?: string,
): Figure[] {
  const ms = samples.map((sample) => sample.ms);
  const figure = (part: 'p50' | 'p99', at: number): Figure => {
    const limit = budget[part];
    return {
      name: `${name}, ${part}`,
      value: percentile(ms, at),
      unit: 'ms',
      ...(limit && { budget: limit }),
      ...(note && { note }),
    };
  };
  return [figure('p50', 0.5), figure('p99', 0.99)];
}
