import { readRegistration } from '../change.ts';
import { worstVerdict } from '../launch/finding.ts';
import { digestOf } from '../ledger/digest.ts';
import { withOverrides } from '../override/with-overrides.ts';
import { alsoLive } from './also-live.ts';
import { type GatePorts, judgeGates } from './judge-gates.ts';
import type { PlanNow } from './plan-now.ts';
import { readPlanNow } from './read-plan-now.ts';
import type { PlanQuestion, ShownPlan } from './shown-plan.ts';
import { sinceLastLaunch } from './since-last-launch.ts';

/** Plan before act: everything that a launch would do, and what every gate says to it now. Changes nothing. Throws UnknownStrategy. */
export async function showPlan(
  { strategyId, requestedBy, request }: Extract<PlanQuestion, { ask: 'gates' }>,
  ports: GatePorts,
): Promise<ShownPlan> {
  const registration = await readRegistration(strategyId, ports);
  const [now, judged, others] = await Promise.all([
    readPlanNow(strategyId, ports),
    judgeGates({ strategyId, requestedBy, request }, ports),
    alsoLive(registration, ports),
  ]);
  const gates = await withOverrides(judged, { strategyId }, ports);
  const verdict = worstVerdict(gates.map((gate) => gate.verdict));
  if (!('plan' in now))
    return {
      plan: null,
      planDigest: null,
      refused: now.refused,
      verdict: 'no-go',
      gates,
      alsoLive: others,
      since: null,
    };
  const since = (await sinceLastLaunch(now.plan, ports)) ?? null;
  return { plan: now.plan, planDigest: digestOf(now.plan), verdict, gates, alsoLive: others, since };
}

/** What the function answers that drafts plans for the entrances of people. */
export const answerPlanQuestion = (question: PlanQuestion, ports: GatePorts): Promise<PlanNow | ShownPlan> =>
  question.ask === 'plan' ? readPlanNow(question.strategyId, ports) : showPlan(question, ports);
