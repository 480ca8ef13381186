import type { DriftReview } from '../drift/drift-review.ts';
import type { Targets } from '../drift/targets.ts';
import type { StrategyLimits } from '../launch/risk-limits.ts';
import type { Lease } from '../lease/lease.ts';
import type { Registration } from '../registration.ts';
import type { Strategy } from '../strategy.ts';
import type { Standing } from './standing.ts';

/** What is known of one registered engine instance: its newest lease with what it told, or none. */
export type InstanceSample = { readonly instanceId: string; readonly lease: Lease | undefined };

/** What one tick of the watchdog knows of one strategy: all that the rules of monitoring judge, read at one moment. */
export type Sample = {
  readonly state: Strategy;
  readonly registration: Registration;
  readonly instances: readonly InstanceSample[];
  /** The approved limits (`configs/risk/limits.yaml`); none where the strategy has none. */
  readonly limits: StrategyLimits | 'unreadable' | undefined;
  /** Portfolio targets of the evidence bucket, where the engine tells none itself. */
  readonly targets: Targets | undefined;
  /** The newest drift review of the strategy: what was accepted there is no news. */
  readonly drift: DriftReview | undefined;
  /** What was found at the looks before (`standingAfter`): how long a trouble has lasted is counted from there; from now on where nobody tells. */
  readonly standing?: Standing | undefined;
  readonly now: Date;
};
