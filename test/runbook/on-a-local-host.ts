import { after, before } from 'node:test';
import { type CliResult, tradepulseCli } from '../../rehearsal/cli-process.ts';
import { type LocalHost, startLocalHost } from '../../rehearsal/local-host.ts';
import { type Observer, observer } from '../../rehearsal/observe.ts';
import { type ControlPlane, controlPlane } from './control-plane.ts';
import { type Evidence, evidenceOf } from './evidence.ts';

export const BTC = 'btc-momentum';
export const EUR = 'eurusd-carry';
export type StrategyName = typeof BTC | typeof EUR;

/** Everything a test of the runbook can do to one real local host, and everything it can look at. */
export type OnALocalHost = ControlPlane & {
  readonly host: LocalHost;
  readonly evidence: Evidence;
  /** Independent eyes on engine, venue and AppConfig. */
  readonly eyes: Readonly<Record<StrategyName, Observer>>;
  /** `tradepulse-cli` as a process of its own, with `--output jsonl`; never throws for its exit code. */
  cli(...args: string[]): Promise<CliResult>;
};

/** Starts ONE host for the file that calls this, and takes it down after its last test. Give tests the object, not its members. */
export function onALocalHost(): OnALocalHost {
  const here: Partial<OnALocalHost> = {};
  before(async () => void Object.assign(here, await settledOn(await startLocalHost())));
  after(async () => void (await here.host?.close()));
  return here as OnALocalHost; // every test runs after `before`
}

/** The same on a host that somebody else starts and ends. */
export async function settledOn(host: LocalHost): Promise<OnALocalHost> {
  const [plane, evidence, btc, eur] = await Promise.all([
    controlPlane(host),
    evidenceOf(host),
    observer(host, BTC),
    observer(host, EUR),
  ]);
  return {
    ...plane,
    host,
    evidence,
    eyes: { [BTC]: btc, [EUR]: eur },
    cli: (...args) => tradepulseCli(host.data, args),
  };
}
