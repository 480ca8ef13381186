import { allOf, lacking, type Need } from './need.ts';
import { unlessLive } from './occasions.ts';
import { recorded } from './recorded.ts';
import type { Rule } from './rule.ts';

const WATCH = 'watch it by hand until monitors do, and see what the lease of the engine says: tradepulse-cli status';

/** Nothing records yet what a monitor would have seen: the leases that engines held when they went live are all there is. */
const unwatched = (what: string): Need =>
  allOf(recorded({ type: 'launch.live' }), () =>
    lacking(`no record says that ${what} for the whole run: the monitor that watches it is not built yet`),
  );

/** Runbook 3: routine monitoring. */
export const RULES_OF_MONITORING = {
  '3.1': { unless: unlessLive, needs: unwatched('every component reported within its SLA'), next: WATCH },
  '3.2': { unless: unlessLive, needs: unwatched('round trips stayed below 120 ms'), next: WATCH },
  '3.3': { unless: unlessLive, needs: unwatched('positions stayed within 0.5 % of their targets'), next: WATCH },
  '3.4': { unless: unlessLive, needs: unwatched('the risk service was heard'), next: WATCH },
} as const satisfies Readonly<Record<string, Rule>>;

const noIncident = (what: string) => () =>
  `no ${what} was recorded in this run; whoever saw one says so in a signed statement (the monitor that sees it is not built yet)`;
const noOutage = noIncident('market data outage');
const noInstability = noIncident('instability of a venue');

/** Runbook 5.2 and 5.3: emergencies that nothing but people can see so far. */
export const RULES_OF_INCIDENTS = {
  '5.2.1': { unless: noOutage, next: WATCH },
  '5.2.2': { unless: noOutage, attestedBy: ['sre', 'quant'], next: WATCH },
  '5.2.3': { unless: noOutage, attestedBy: ['risk-officer', 'execution-trader'], next: WATCH },
  '5.3.1': { unless: noInstability, next: WATCH },
  '5.3.2': { unless: noInstability, attestedBy: ['sre', 'execution-trader'], next: WATCH },
  '5.3.3': { unless: noInstability, next: WATCH },
} as const satisfies Readonly<Record<string, Rule>>;
