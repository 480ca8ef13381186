import * as z from 'zod';
import type { StrategyId } from '../ids.ts';
import { parametersKey } from '../launch/read-approved-change.ts';
import { LIMITS_KEY } from '../launch/risk-limits.ts';
import { Refusal } from '../refusal.ts';
import type { PlanNow } from './plan-now.ts';
import { type PlanPorts, readPlan } from './read-plan.ts';

/** Reads the world as a plan sees it. Refusals are an answer here: that a change is not approved any more is a change. */
export async function readPlanNow(strategyId: StrategyId, ports: PlanPorts): Promise<PlanNow> {
  try {
    return { plan: await readPlan(strategyId, ports) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message } = error;
    return { refused: { code, message }, documents: await documentsOf(strategyId, ports) };
  }
}

/** Limits and parameters as they are stored, whatever a manifest says: to show what was edited. */
async function documentsOf(
  strategyId: StrategyId,
  { evidence, parseYaml }: PlanPorts,
): Promise<Record<string, unknown>> {
  const parsed = async (key: string): Promise<unknown> => {
    const document = await evidence.read(key);
    return document && z.json().safeParse(parseYaml(Buffer.from(document.bytes).toString('utf8'))).data;
  };
  const [file, parameters] = await Promise.all([parsed(LIMITS_KEY), parsed(parametersKey(strategyId))]);
  const limits = LimitsFile.safeParse(file).data?.strategies[strategyId];
  return { ...(limits !== undefined && { limits }), ...(parameters !== undefined && { parameters }) };
}

const LimitsFile = z.looseObject({ strategies: z.record(z.string(), z.unknown()) });
