import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { enginesOf } from '../../domain/engine-instances.ts';
import { digestOf, digestOfBytes } from '../../domain/ledger/digest.ts';
import { isLive } from '../../domain/mode.ts';
import type { Strategy } from '../../domain/strategy.ts';
import { eventually } from '../../rehearsal/eventually.ts';
import type { FaultWorld } from './fault-world.ts';
import type { KillPlan } from './kill-plan.ts';

const ARTIFACT = 'a strategy, as bytes';
const LIMITS = { currency: 'USD', instruments: { 'BTC-USD': { maxNotional: 1_000_000, maxPosition: 16 } } };
const ATTEMPTS = 6;
const ARMED_MS = 5_000;
const TRADING_MS = 8_000;
const PATIENT = { deadlineMs: 10_000 };
const digests = { artifactDigest: digestOfBytes(ARTIFACT), limitsDigest: digestOf(LIMITS) };

/** Puts the artifact where engines load them from. */
export async function storeArtifact(data: string): Promise<void> {
  const folder = join(data, 'artifacts');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, digests.artifactDigest.replace(':', '-')), ARTIFACT);
}

/**
 * Makes a strategy what the plan says, whatever an earlier case left of it: in its mode at a new epoch, with nothing latched;
 * where it is live, armed, and with orders at the venue by leases of the control plane. Written past the control plane, since
 * the way back from a kill is not what is tried here. Its ledger goes on. Tries again where a busy machine let its lease lapse.
 */
export async function readyToKill(strategyId: string, plan: KillPlan, world: FaultWorld): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await set(strategyId, plan, world);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function set(strategyId: string, plan: KillPlan, world: FaultWorld): Promise<void> {
  const { flags } = world.backstage;
  const { flag } = world.registration(strategyId);
  const live = isLive(plan.mode);
  const { version: flagVersion } = live ? await flags.enable(flag, async () => undefined) : await flags.disable(flag);
  const epoch = await newEpoch(strategyId, { mode: live ? 'ACTIVE' : plan.mode, flagVersion }, world);
  if (!live) return;
  await arm(strategyId, epoch, plan, world);
  const resting = () => world.eyes(strategyId).restingOrders();
  await eventually(`${plan.orders} orders of ${strategyId}`, resting, (orders) => orders >= plan.orders, TRADING_MS);
  if (plan.mode === 'STOPPING') await world.backstage.change(strategyId, (state) => ({ ...state, mode: 'STOPPING' }));
}

async function arm(strategyId: string, epoch: number, plan: KillPlan, { registration, backstage }: FaultWorld) {
  const known = registration(strategyId);
  const { deploy, arm: armAt } = backstage.engines;
  for (const instance of enginesOf(known)) {
    const base = { strategyId: known.id, epoch, runId: 'faults' };
    const deployment = { limits: LIMITS, parameters: parametersOf(plan), artifactDigest: digests.artifactDigest };
    await deploy(instance, { ...base, ...deployment, commandId: randomUUID() }, PATIENT);
    const arming = { ...base, ...digests, maxOrdersPerSec: 50, commandId: randomUUID() };
    // not without a lease: right after a fault it may have to ask for one first
    const armed = () => armAt(instance, arming, PATIENT).then(() => 'armed', String);
    await eventually(`${strategyId} armed`, armed, (said) => said === 'armed', ARMED_MS);
  }
}

/** Quotes that hardly anybody takes, renewed all the time: an engine that trades on after its kill is seen at once. */
const parametersOf = ({ orders }: KillPlan) => ({
  ...{ instrument: 'BTC-USD', orderQuantity: 0.05, quoteOffsetBps: 24, takeEverySeconds: 3600 },
  ...{ restingOrders: orders, orderLifetimeSeconds: 2 },
});

async function newEpoch(id: string, change: Partial<Strategy>, world: FaultWorld): Promise<number> {
  await world.backstage.remove(`LATCH#desk:${world.registration(id).desk}`);
  const { epoch: ofEngine } = await world.eyes(id).engine();
  const { epoch } = await world.backstage.change(id, ({ latch, lock, run, ...state }) => ({
    ...{ ...state, ...change, maxOrdersPerSec: 50 },
    epoch: Math.max(state.epoch, ofEngine) + 1,
  }));
  return epoch;
}
