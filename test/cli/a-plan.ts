import { digestOf } from '../../domain/ledger/digest.ts';

const digest = (of: string) => digestOf(of);

/** A plan in the shape of the API, for tests of the command line and of the signing page. */
export const aPlan = (more = {}) => ({
  ...{ strategy: 'btc-momentum', environment: 'prod', desk: 'crypto', ticket: 'CHG-1', commit: '0'.repeat(40) },
  ...{ artifactDigest: digest('artifact'), limitsDigest: digest('limits'), parametersDigest: digest('parameters') },
  limits: { currency: 'USD', instruments: { 'BTC-USD': { maxNotional: 1000, maxPosition: 2 } }, leverageCap: 3 },
  parameters: { window: 20 },
  manifest: { digest: digest('manifest'), signers: ['sub-quant'], expiresAt: '2026-12-01T00:00:00.000Z' },
  venues: [{ id: 'XSIM', kind: 'simulated' }],
  engines: ['btc-momentum-1'],
  maxOrdersPerSec: 5,
  policy: {},
  overrides: [],
  told: [{ when: 'launch-start', audience: ['Trading Ops', 'Risk'], channels: ['#trading-ops'] }],
  locked: ['deployment of btc-momentum'],
  blastRadius: {
    instances: 1,
    venues: { live: [], paper: [], simulated: ['XSIM'] },
    notional: { currency: 'USD', perInstrument: { 'BTC-USD': 1000 }, total: 1000, killedAt: 2000 },
    ordersPerSec: { perInstance: 5, total: 5 },
    killScopes: ['strategy:btc-momentum', 'all'],
  },
  ...more,
});

const go = { gate: 'change approval', verdict: 'go', summary: 'change approval: 7 checks passed', findings: [] };
export const aNoGo = {
  ...{ gate: 'risk envelope', verdict: 'no-go', summary: 'risk envelope: risk.limits-approved is b, expected a' },
  findings: [
    { check: 'risk.readable', verdict: 'go', expected: 'limits', actual: 'limits' },
    { check: 'risk.limits-approved', verdict: 'no-go', expected: 'a', actual: 'b' },
  ],
};
export const aWarning = {
  ...{ gate: 'smoke', verdict: 'warn', summary: 'smoke: latency is 200' },
  findings: [{ check: 'smoke.latency', verdict: 'warn', expected: '<= 120', actual: '200' }],
};

export const aShownPlan = (more = {}) => ({
  plan: aPlan(),
  planDigest: digestOf(aPlan()),
  verdict: 'go',
  gates: [go],
  alsoLive: [],
  since: null,
  ...more,
});

/** What two people sign of a launch. */
export const aLaunchDocument = (more = {}) => ({
  ...{ action: 'launch', strategy: 'btc-momentum', environment: 'prod', epoch: 1, nonce: '0123456789abcdef' },
  ...{ run: 'launch-btc-momentum-20261123-0123456789ab', expiresAt: '2026-11-23T14:35:09.000Z' },
  ...{ plan: aPlan(), planDigest: digestOf(aPlan()), gates: [go], alsoLive: [], since: null },
  ...more,
});
