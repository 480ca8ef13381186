import { settingsFor } from '../monitor/monitor-settings.ts';
import type { Ports } from '../ports/ports.ts';
import type { Registration } from '../registration.ts';
import type { SafeMode } from './safe-mode.ts';

/** What a safe mode goes by where nobody has agreed on anything, or it cannot be read: product decision 6. */
const DEFAULTS = { verifySeconds: 10, stableSeconds: 120, marketDataSlaMs: 60_000, featureStoreSlaMs: 60_000 };

/** Within how many seconds the venues must have said that nothing rests; for how many seconds feeds must be heard before a resumption is proposed, and how old a heartbeat of one may be. */
export type SafeModeTimes = typeof DEFAULTS;

/** The times that people have agreed for one strategy (`config/monitors.yaml`). Safety does without them where it must. */
export async function safeModeTimes(
  registration: Registration,
  { records }: { readonly records: Pick<Ports['records'], 'get'> },
): Promise<SafeModeTimes> {
  const monitors = await records.get('MONITORS', 'monitors').catch(() => undefined);
  if (!monitors) return DEFAULTS;
  const { safeMode, heartbeats } = settingsFor(monitors, registration);
  return {
    ...safeMode,
    marketDataSlaMs: heartbeats.marketData.slaMs,
    featureStoreSlaMs: heartbeats.featureStore.slaMs,
  };
}

/** When the venues have to have said that nothing rests, counted from the safe mode itself, so that a restart gives no more time. */
export const verifiedBy = ({ at }: SafeMode, { verifySeconds }: SafeModeTimes): string =>
  new Date(Date.parse(at) + verifySeconds * 1000).toISOString();
