import * as z from 'zod';
import { readRegistration } from '../change.ts';
import type { Run } from '../control-record.ts';
import { digestOf } from '../ledger/digest.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunFacts } from './run-facts.ts';
import type { StoredEntry } from './stored-entry.ts';

const Signed = z.object({
  kind: z.literal('launch-confirmation'),
  document: z.object({
    plan: z.object({
      policy: z.unknown(),
      limitsDigest: z.string(),
      parametersDigest: z.string(),
      maxOrdersPerSec: z.number(),
    }),
  }),
});

type Configured = { readonly timeZone: string | null; readonly digests: RunFacts['configuration'] };

/** What was agreed when people signed the launch, by the plan that they signed, and what is registered now (runbook 7.2). */
export async function configurationOf(
  { strategyId }: Run,
  entries: readonly StoredEntry[],
  { records, strategies }: Pick<Ports, 'records' | 'strategies'>,
): Promise<Configured> {
  const registration = await readRegistration(strategyId, { records });
  const [state, calendar, dashboard, matrix] = await Promise.all([
    strategies.read(strategyId),
    records.get('CALENDAR', registration.primaryVenue),
    records.get('DASHBOARD', 'live'),
    records.get('MATRIX', 'communications'),
  ]);
  const plan = signedPlan(entries);
  return {
    timeZone: calendar?.calendar.timeZone ?? null,
    digests: [
      { what: 'policy', atLaunch: plan ? digestOf(plan.policy) : null, now: digestOf(registration.policy) },
      { what: 'limits', atLaunch: plan?.limitsDigest ?? null, now: state?.limitsDigest ?? null },
      { what: 'parameters', atLaunch: plan?.parametersDigest ?? null, now: state?.parametersDigest ?? null },
      { what: 'thresholds of the dashboard', atLaunch: null, now: dashboard?.digest ?? null },
      { what: 'communication matrix', atLaunch: null, now: matrix?.digest ?? null },
    ],
  };
}

const signedPlan = (entries: readonly StoredEntry[]) =>
  entries
    .filter(({ entry }) => entry.type === 'approval.requested')
    .map(({ entry }) => Signed.safeParse(entry.payload).data?.document.plan)
    .find((plan) => plan !== undefined);
