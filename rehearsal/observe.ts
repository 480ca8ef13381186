import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { LocalHost } from './local-host.ts';

/** What the engine says of itself, asked without the control plane. */
const EngineStatus = z.looseObject({ mode: z.string(), halted: z.boolean(), epoch: z.int() });
const RestingOrders = z.looseObject({ orders: z.array(z.unknown()) });
const Flag = z.looseObject({ live: z.looseObject({ enabled: z.boolean() }) });
const Local = z.looseObject({
  accessKeyId: z.string(),
  engines: z.array(z.looseObject({ strategyId: z.string(), url: z.url() })),
});
/** What the simulated venues were started with: the key that may read and cancel there. */
const Venues = z.looseObject({
  port: z.int(),
  venues: z.array(z.looseObject({ id: z.string(), controlKeys: z.array(z.string()).min(1) })),
});

/** Independent eyes: each answer comes from the engine, the venue or AppConfig itself, never from the control plane's own view. */
export type Observer = {
  engine(): Promise<z.infer<typeof EngineStatus>>;
  /** How many orders rest at the venue. */
  restingOrders(): Promise<number>;
  /** `live.enabled` as AppConfig gives it to any reader; no document at all is off. */
  flag(): Promise<boolean>;
};

/** Eyes on one strategy of the demo configuration, from the files of the local installation. */
export async function observer({ url, data }: LocalHost, strategy: string): Promise<Observer> {
  const local = Local.parse(await json(join(data, 'local.json')));
  const { port, venues } = Venues.parse(await json(join(data, 'venue.json')));
  const engine = local.engines.find(({ strategyId }) => strategyId === strategy);
  const venue = venues.find(({ id }) => id === 'XSIM');
  if (!engine || !venue) throw new Error(`the local installation does not know an engine and a venue of ${strategy}`);
  return {
    engine: async () => EngineStatus.parse(await asked(`${engine.url}/v1/risk/live/status`)),
    async restingOrders() {
      const headers = { authorization: `Bearer ${venue.controlKeys[0]}` };
      const answer = await asked(`http://127.0.0.1:${port}/${venue.id}/v1/orders?strategy=${strategy}`, { headers });
      return RestingOrders.parse(answer).orders.length;
    },
    flag: () => flagOf(url, local.accessKeyId, strategy),
  };
}

const json = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** AppConfig by its own protocol: a session, then its first configuration. */
async function flagOf(url: string, accessKeyId: string, strategy: string): Promise<boolean> {
  const headers = {
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/appconfig/aws4_request, SignedHeaders=host, Signature=0`,
    'content-type': 'application/json',
  };
  const base = `${url}/aws/appconfigdata`;
  const body = JSON.stringify({
    ApplicationIdentifier: 'tradepulse-demo',
    EnvironmentIdentifier: `${strategy}-prod`,
    ConfigurationProfileIdentifier: strategy,
  });
  const session = z
    .object({ InitialConfigurationToken: z.string() })
    .parse(await asked(`${base}/configurationsessions`, { method: 'POST', headers, body }));
  const token = encodeURIComponent(session.InitialConfigurationToken);
  const flag = Flag.safeParse(
    await asked(`${base}/configuration?configuration_token=${token}`, { headers }).catch(() => undefined),
  );
  return flag.data?.live.enabled ?? false;
}

async function asked(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(5000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url} answered ${response.status} ${text.slice(0, 300)}`);
  return text ? JSON.parse(text) : undefined;
}
