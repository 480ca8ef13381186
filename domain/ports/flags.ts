import type { Registration } from '../registration.ts';

/** The AppConfig flag of one strategy: `{"live":{"enabled":boolean}}` (architecture section 8). */
export interface Flags {
  /**
   * Writes and deploys `enabled: true`. Reads both optimistic locks, then asks `stillAllowed` (a strongly consistent look at
   * epoch and latch), then writes. Throws a FlagConflict refusal when anybody else is writing. Returns the version deployed.
   */
  enable(flag: Registration['flag'], stillAllowed: () => Promise<void>): Promise<FlagDeployment>;
  /** Writes and deploys `enabled: false` even if it is false already, and wins over any deployment in flight. */
  disable(flag: Registration['flag']): Promise<FlagDeployment>;
  /** What readers get now; `live` is false unless it is readably true. `atLeast` is the version the caller knows to exist: an older copy is read again. */
  read(flag: Registration['flag'], atLeast: number): Promise<FlagReading>;
}

export type FlagDeployment = { version: number; deployment: number; state: string; at: string };
/** `live` is undefined when the flag could not be read: everybody treats that as false. */
export type FlagReading = { live: boolean | undefined; version: number | undefined };
