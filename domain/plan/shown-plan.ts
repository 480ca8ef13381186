import * as z from 'zod';
import { ActorId, Digest, StrategyId } from '../ids.ts';
import { GateResult, Verdict } from '../launch/finding.ts';
import { LaunchRequest } from '../launch/request-launch.ts';
import { AlsoLive } from './also-live.ts';
import { Plan } from './plan.ts';
import { SinceLastLaunch } from './since-last-launch.ts';

/** A question about a plan: what it would be (`plan`), or that with what every gate says to it (`gates`). */
export const PlanQuestion = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('plan'), strategyId: StrategyId }),
  z.object({ ask: z.literal('gates'), strategyId: StrategyId, requestedBy: ActorId, request: LaunchRequest }),
]);
export type PlanQuestion = z.infer<typeof PlanQuestion>;

/** A plan as people are shown it. No plan where nothing could be launched at all: then `refused` and the gates say why. */
export const ShownPlan = z.object({
  plan: Plan.nullable(),
  planDigest: Digest.nullable(),
  refused: z.object({ code: z.string(), message: z.string() }).optional(),
  verdict: Verdict,
  gates: z.array(GateResult),
  alsoLive: z.array(AlsoLive),
  since: SinceLastLaunch.nullable(),
});
export type ShownPlan = z.infer<typeof ShownPlan>;
