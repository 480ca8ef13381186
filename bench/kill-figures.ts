import { accessToken } from '../cli/access-token.ts';
import { type LocalHost, startLocalHost } from '../rehearsal/local-host.ts';
import { benchTemplate } from './bench-template.ts';
import { type Figure, percentile } from './figure.ts';
import { type KillSample, killOnce, kills, type Target } from './kills.ts';
import { SURROUNDINGS } from './surroundings.ts';

const STRATEGIES = 16;
const WARM_UP = 48;
const ONE_CLIENT = 320;
const EIGHT_CLIENTS = 60;

/** `node bin/tradepulse-local.ts` with everything built, until it answers. */
export async function hostStartFigure(): Promise<Figure[]> {
  const host = await startLocalHost();
  await host.close();
  return [{ name: 'host alone, exec to ready', value: host.startedInMs / 1000, unit: 's', budget: 2 }];
}

/** Many kills of different strategies, on a running local host that has so many. */
export async function killFigures(): Promise<Figure[]> {
  const { template, strategies } = await benchTemplate(STRATEGIES);
  const host = await startLocalHost({ options: ['--template', template] });
  try {
    return await manyKills(await targetOf(host, strategies));
  } finally {
    await host.close();
  }
}

/** `npm start` with everything built, in a fresh data folder, until a kill is acknowledged: login included. */
export async function firstKillFigure(): Promise<Figure[]> {
  const startedAt = performance.now();
  const host = await startLocalHost({ command: ['npm', 'start', '--silent', '--'] });
  try {
    await killOnce(await targetOf(host, []), 'btc-momentum');
    return [
      { name: 'npm start to first accepted kill', value: (performance.now() - startedAt) / 1000, unit: 's', budget: 5 },
    ];
  } finally {
    await host.close();
  }
}

/** Who kills there: the risk officer. */
export async function targetOf({ url, data }: LocalHost, strategies: readonly string[]): Promise<Target> {
  const token = await accessToken({ dataPath: data, as: 'risk', scopes: ['control-plane/kill'] }, SURROUNDINGS);
  return { url, token, strategies };
}

async function manyKills(target: Target): Promise<Figure[]> {
  await kills(target, 1, WARM_UP);
  const one = await kills(target, 1, ONE_CLIENT);
  const eight = await kills(target, 8, EIGHT_CLIENTS);
  const spread = `over ${STRATEGIES} strategies, ${one.samples.length + eight.samples.length} kills whose machines run meanwhile`;
  return [
    ...latencies('kill acknowledged, one client', one.samples, { p50: 5, p99: 12 }, spread),
    ...latencies('kill acknowledged, eight clients', eight.samples, { p99: 75 }, spread),
    { name: 'kills, eight clients', value: eight.perSecond, unit: '/s', budget: 250, atLeast: true, note: spread },
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
