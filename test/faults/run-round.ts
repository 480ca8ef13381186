import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../rehearsal/eventually.ts';
import { healthTick } from '../runbook/aws-of-the-host.ts';
import { type Acknowledged, askForKill, askUntilKept, freshKey, isKept, type KillRequest } from './ask-for-kill.ts';
import type { Fault } from './fault.ts';
import type { FaultWorld } from './fault-world.ts';
import { type Killer, type KillPlan, lengthOf, type PlannedKill, planOf } from './kill-plan.ts';
import { readyToKill } from './ready-to-kill.ts';

/** One strategy, killed once or more under a fault. */
export type Case = {
  readonly fault: Fault;
  readonly strategy: string;
  readonly plan: KillPlan;
  /** How many entries its ledger had before. */
  readonly ledgerSize: number;
  readonly kills: readonly AskedKill[];
};

export type AskedKill = {
  /** For how long the fault went on after this kill was asked for. */
  readonly faultLeftMs: number;
  /** The first answer, or why there was none. */
  readonly first: Acknowledged | Error;
  /** The answer that says that it is kept: the first one, but for faults that take both store and spool. */
  readonly kept: Acknowledged | Error;
};

const LEAD_MS = 700;

/** Lets a fault happen once, to as many strategies as there are seeds: each is killed as its own seed says, before, during or after it. */
export async function runRound(fault: Fault, seeds: readonly number[], world: FaultWorld): Promise<Case[]> {
  const lengthMs = lengthOf(seeds[0] ?? 0);
  const { shape = (plan) => plan } = fault;
  const planned = seeds.map((seed, index) => {
    const strategy = world.strategies[index];
    if (strategy === undefined) throw new Error('there are fewer strategies than seeds in a round');
    return { strategy, plan: shape(planOf(seed, lengthMs), lengthMs) };
  });
  await Promise.all(planned.map(({ strategy, plan }) => readyToKill(strategy, plan, world)));
  await Promise.all(planned.map(({ strategy }) => fault.prepare?.(strategy, world)));
  const sizes = await Promise.all(planned.map(({ strategy }) => world.backstage.strategy(strategy)));
  const zero = performance.now() + LEAD_MS;
  const at = (ms: number) => delay(Math.max(0, zero + ms - performance.now()));
  const happens = async () => {
    await at(0);
    try {
      await fault.begin(world);
      await at(lengthMs);
    } finally {
      await fault.end(world);
    }
  };
  const kills = planned.map(({ strategy, plan }) =>
    Promise.all(
      plan.kills.map(async (kill) => {
        await at(kill.atMs);
        const faultLeftMs = kill.atMs < 0 ? 0 : lengthMs - kill.atMs;
        return { ...(await killed(fault, strategy, kill, world)), faultLeftMs };
      }),
    ),
  );
  const [asked] = await Promise.all([Promise.all(kills), happens()]);
  await fault.afterwards?.(world);
  await tick(world);
  return planned.map((each, index) => ({
    ...each,
    fault,
    ledgerSize: sizes[index]?.ledgerSize ?? 0,
    kills: asked[index] ?? [],
  }));
}

/** As the schedule has it each minute. One that fails on a machine which is too busy is followed by the next. */
async function tick({ faulty }: FaultWorld): Promise<void> {
  const once = () => healthTick(faulty.host().data).catch(String);
  const ticked = eventually('a health tick', once, (said) => said.includes('machines resumed'), 60_000);
  await ticked.catch((cause: unknown) => {
    throw new Error(`${String(cause)}; the host said last:\n${faulty.host().log().slice(-3_000)}`, { cause });
  });
}

type Answers = Pick<AskedKill, 'first' | 'kept'>;

async function killed(fault: Fault, strategyId: string, { by }: PlannedKill, world: FaultWorld): Promise<Answers> {
  const token = by === 'device' ? undefined : await fault.token?.(by === 'trader' ? 'trader' : 'risk', world);
  const request: KillRequest = { strategyId, by, key: freshKey(), token };
  const first = await askForKill(request, world).catch(asError);
  if (!isToRepeat(first, by, fault)) return { first, kept: first };
  return { first, kept: await askUntilKept(request, world).catch(asError) };
}

/** Whoever asked goes on asking: where the control plane was gone, or kept the kill nowhere and said so. */
function isToRepeat(first: Acknowledged | Error, by: Killer, { keptNowhere, noAnswer }: Fault): boolean {
  if (first instanceof Error) return noAnswer === true || (keptNowhere === true && by === 'device');
  return keptNowhere === true && !isKept(first);
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
