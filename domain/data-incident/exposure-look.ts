import type { ProfitAndLoss } from '../engine/position.ts';
import type { Held } from '../kill/exposure.ts';

/** One engine instance, by its newest report. What it did not tell is left out; ages in milliseconds, null where nothing was heard. */
export type EngineSeen = {
  readonly instanceId: string;
  readonly reportedAt?: string;
  /** Whether it held a lease that ran, and so was heard in the last seconds. */
  readonly heard: boolean;
  readonly openOrders?: number;
  readonly positions?: readonly Held[];
  readonly pnl?: ProfitAndLoss;
  readonly feeds: { readonly marketDataMs: number | null; readonly featureStoreMs: number | null };
  /** Both of them are within their SLA, and it was heard. */
  readonly stable: boolean;
};

/** One venue, by its own word; or, in `unknown`, why it said nothing. */
export type VenueSeen = {
  readonly venue: string;
  readonly openOrders?: number;
  readonly positions?: readonly Held[];
  readonly unknown?: string;
};

/** What a strategy holds and has resting, and how its feeds are, at one moment (runbook 5.2.3). */
export type ExposureLook = {
  readonly at: string;
  readonly engines: readonly EngineSeen[];
  readonly venues: readonly VenueSeen[];
};

/** The same in a few numbers, for the course of an incident: null where nobody knew. */
export type ExposurePoint = {
  readonly at: string;
  /** Size of all positions in money, by the venues' word, or by the engines' where a venue said nothing. */
  readonly notional: number | null;
  readonly openOrders: number | null;
  readonly unrealised: number | null;
  /** Age of the oldest feed, in milliseconds. */
  readonly feedMs: number | null;
};
