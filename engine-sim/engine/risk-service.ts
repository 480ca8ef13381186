import type { Log } from '../program/log.ts';
import type { Flow } from './flow-settings.ts';
import type { InstanceCore } from './instance-core.ts';
import type { LatchStore } from './latch-store.ts';
import type { OrderEntry } from './order-entry.ts';

/** Watches the loss threshold, and tries the kill wiring. */
export type RiskService = {
  /** Halts the instance when its loss passes the threshold; tries to persist the latch. */
  check(flow: Flow): Promise<void>;
  /** ISO times; `subscribed` only after a successful probe. */
  status(): { subscribed: boolean; lastProbeAt: string | null; heartbeatAt: string | null };
};

const PROBE_EVERY_MS = 5_000;

export function riskService(core: InstanceCore, entry: OrderEntry, store: LatchStore, log: Log): RiskService {
  const status = { subscribed: false, lastProbeAt: null as string | null, heartbeatAt: null as string | null };
  let probed = Number.NEGATIVE_INFINITY;
  const iso = () => new Date(core.now().wall).toISOString();

  const probe = async () => {
    probed = core.now().elapsed;
    status.subscribed = await store.write(core.state()).then(
      () => true,
      (error: unknown) => {
        log('latch-not-writable', { detail: error instanceof Error ? error.message : String(error) });
        return false;
      },
    );
    status.lastProbeAt = iso();
  };

  return {
    status: () => ({ ...status }),
    async check({ limits }) {
      const { realised, unrealised } = profitAndLoss(entry);
      const { loss } = limits.killThresholds;
      if (loss !== undefined && realised + unrealised <= -loss && !core.state().halt) {
        await core.haltItself(`the loss of ${Math.round(-realised - unrealised)} passes the kill threshold ${loss}`);
      }
      if (core.now().elapsed - probed >= PROBE_EVERY_MS) await probe();
      status.heartbeatAt = iso();
    },
  };
}

/** Of what the venue's account says, at its marks. */
export function profitAndLoss(entry: OrderEntry): { realised: number; unrealised: number } {
  const { positions, realised } = entry.orders.account();
  return {
    realised,
    unrealised: positions.reduce(
      (sum, { quantity, averagePrice, markPrice }) => sum + quantity * (markPrice - averagePrice),
      0,
    ),
  };
}
