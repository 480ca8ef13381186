import { allOf, type Known, lacking, type Need } from './need.ts';
import { unlessLive } from './occasions.ts';
import { filed, recorded } from './recorded.ts';
import type { Rule } from './rule.ts';
import { RULES_OF_VENUES } from './rules-of-venues.ts';

const WATCH = 'see what was found, and for how long: tradepulse-cli alerts --strategy <strategy> --all';

/** The watchdog records what it finds (`alert.*`); that it looked all the time, and found nothing, stands in no log. */
const unwatched = (what: string): Need =>
  allOf(recorded({ type: 'launch.live' }), () =>
    lacking(
      `no record says that ${what} for the whole run: what a look of the watchdog finds is recorded, that it finds nothing is not`,
    ),
  );

/** Runbook 3: routine monitoring. */
export const RULES_OF_MONITORING = {
  '3.1': { unless: unlessLive, needs: unwatched('every component reported within its SLA'), next: WATCH },
  '3.2': { unless: unlessLive, needs: unwatched('round trips stayed below 120 ms'), next: WATCH },
  '3.3': { unless: unlessLive, needs: unwatched('positions stayed within 0.5 % of their targets'), next: WATCH },
  '3.4': { unless: unlessLive, needs: unwatched('the risk service was heard'), next: WATCH },
} as const satisfies Readonly<Record<string, Rule>>;

/** Whether the run was taken into safe mode since market data was out; else people may know of one that no monitor saw. */
const outageIn = ({ course }: Known): boolean =>
  course.entries.some(({ entry }) => entry.type === 'safe-mode.entered' && entry.payload['cause'] === 'market-data');
const noOutage = (known: Known): string | undefined =>
  outageIn(known)
    ? undefined
    : 'no market data outage was recorded in this run; whoever saw one says so in a signed statement';

/** The venues said that nothing rests; what they did not say in time was killed. */
const provedOrKilled: Need = (known) => {
  const proved = recorded({ type: 'safe-mode.verified' })(known);
  return proved.missing.length > 0 && known.course.kills.length > 0
    ? recorded({ type: 'kill.venues-empty' })(known)
    : proved;
};
const RESUME = 'tradepulse-cli data-incident ls --all says how it stands; two people resume the strategy, or stop it';

/** Runbook 5.2 and 5.3: emergencies that monitors or people have seen. */
export const RULES_OF_INCIDENTS = {
  '5.2.1': {
    unless: noOutage,
    needs: allOf(recorded({ type: 'safe-mode.entered' }), provedOrKilled, recorded({ type: 'safe-mode.halted' })),
    next: RESUME,
  },
  '5.2.2': {
    unless: noOutage,
    needs: filed({ type: 'data-incident.opened', at: 'file' }),
    attestedBy: ['sre', 'quant'],
    next: RESUME,
  },
  '5.2.3': {
    unless: noOutage,
    needs: filed({ type: 'data-incident.over', at: 'file' }),
    attestedBy: ['risk-officer', 'execution-trader'],
    next: RESUME,
  },
  ...RULES_OF_VENUES,
} as const satisfies Readonly<Record<string, Rule>>;
