import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** Requests of one address in a minute before it has to wait. A desk behind one address, each person watching a page, stays below. */
const REQUESTS_PER_MINUTE = 3000;

/** Paths that are never limited, with or without the stage in front: a kill, and a lease renewal, whose loss halts an engine. */
export const neverBlocked = [
  '^(/[^/]+)?/v1(/strategies/[^/]+)?/kills$',
  '^(/[^/]+)?/v1/device-kills$',
  '^(/[^/]+)?/engine/v1/strategies/[^/]+/lease$',
];

const metrics = (metricName: string) => ({ cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName });

const pathMatches = (regexString: string): CfnWebACL.StatementProperty => ({
  regexMatchStatement: {
    regexString,
    fieldToMatch: { uriPath: {} },
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});

/** The firewall of the operators' API: one rate rule, whose scope leaves out what must never be blocked. */
export function webAcl(scope: Construct, id: string): CfnWebACL {
  const spared: CfnWebACL.StatementProperty = { orStatement: { statements: neverBlocked.map(pathMatches) } };
  return new CfnWebACL(scope, id, {
    scope: 'REGIONAL',
    description: 'TradePulse: limits floods, never a kill or a lease',
    defaultAction: { allow: {} },
    visibilityConfig: metrics('tradepulse-operators'),
    rules: [
      {
        name: 'rate-per-address',
        priority: 0,
        action: { block: { customResponse: { responseCode: 429 } } },
        visibilityConfig: metrics('tradepulse-rate-per-address'),
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            limit: REQUESTS_PER_MINUTE,
            evaluationWindowSec: 60,
            scopeDownStatement: { notStatement: { statement: spared } },
          },
        },
      },
    ],
  });
}
