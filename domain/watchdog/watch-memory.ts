import { type AlertBook, newAlertBook } from '../alert/alert-book.ts';
import type { Targets } from '../drift/targets.ts';
import type { StrategyId } from '../ids.ts';
import type { Sample } from '../monitor/sample.ts';
import type { Standing } from '../monitor/standing.ts';
import type { DeedBook } from './act-on-findings.ts';
import type { Known } from './known.ts';

/** What one invocation has in mind: nothing that the next one does not find out again. */
export type WatchMemory = {
  known: Known | undefined;
  /** What the newest look has seen. */
  samples: readonly Sample[];
  /** Since when the findings of each strategy stand. */
  readonly standing: Map<StrategyId, Standing>;
  /** Portfolio targets of the evidence bucket, for those whose engines tell none. */
  readonly targets: Map<StrategyId, Targets | undefined>;
  readonly alerts: AlertBook;
  readonly deeds: DeedBook;
};

export const newWatchMemory = (): WatchMemory => ({
  known: undefined,
  samples: [],
  standing: new Map(),
  targets: new Map(),
  alerts: newAlertBook(),
  deeds: new Map(),
});
