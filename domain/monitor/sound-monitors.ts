import type { StrategyMonitors } from './monitor-settings.ts';

/** What makes no sense, and the members that it is about: the first that is said is where it is wrong. */
export type Unsound = { readonly parts: readonly (readonly string[])[]; readonly message: string };

const MARKET_DATA = ['marketData', 'featureStore'] as const;
const EXECUTION = ['executionGateway', 'orderAcknowledgements', 'riskService'] as const;

/** Every pair of thresholds that contradict one another, and everything that is looser than the runbook (3.1, 3.3, 5.3) or product decision 6 asks for. */
export function soundMonitors(settings: StrategyMonitors): Unsound[] {
  const { heartbeats, latency, drift, limitUse, clock, alerts, safeMode, venue } = settings;
  const slower = (names: readonly (keyof typeof heartbeats)[], mostMs: number, said: string) =>
    names.map((name) => ({
      is: heartbeats[name].slaMs > mostMs,
      parts: [
        ['heartbeats', name, 'slaMs'],
        ['heartbeats', name],
      ],
      message: `the runbook asks for ${said} (3.1)`,
    }));
  const ascends = limitUse.warnAt.every((share, at, all) => share < 1 && share > (all[at - 1] ?? 0));
  return [
    ...slower(MARKET_DATA, 60_000, 'one minute at most'),
    ...slower(EXECUTION, 2_000, '2 seconds at most'),
    {
      is: latency.p95Ms >= latency.pageP95Ms,
      parts: [
        ['latency', 'pageP95Ms'],
        ['latency', 'p95Ms'],
      ],
      message: 'p95Ms has to be below pageP95Ms',
    },
    {
      is: drift.limit > 0.005,
      parts: [['drift', 'limit']],
      message: 'the runbook asks for a review at 0.005 (0.5 %) at the latest (3.3)',
    },
    {
      is: !ascends,
      parts: [['limitUse', 'warnAt']],
      message: 'warnings ascend, and stay below 1: that is the limit itself',
    },
    {
      is: clock.warnMs >= clock.pageMs,
      parts: [
        ['clock', 'pageMs'],
        ['clock', 'warnMs'],
      ],
      message: 'warnMs has to be below pageMs',
    },
    {
      is: alerts.resolveAfterSeconds > 300,
      parts: [['alerts', 'resolveAfterSeconds']],
      message: 'what is over for five minutes is over: 300 at most',
    },
    {
      is: safeMode.verifySeconds > 10,
      parts: [['safeMode', 'verifySeconds']],
      message: 'what is halted has to be proved within 10 seconds, or is killed: 10 at most',
    },
    {
      is: venue.killAfterSeconds > 300,
      parts: [['venue', 'killAfterSeconds']],
      message: 'the runbook asks for the kill-switch after 5 minutes: 300 at most (5.3)',
    },
    {
      is: venue.stableSeconds >= venue.killAfterSeconds,
      parts: [
        ['venue', 'stableSeconds'],
        ['venue', 'killAfterSeconds'],
      ],
      message: 'stableSeconds has to be below killAfterSeconds: it could never be found stable',
    },
  ].flatMap(({ is, parts, message }) => (is ? [{ parts, message }] : []));
}
