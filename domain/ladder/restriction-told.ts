import { announce } from '../communications/announce.ts';
import type { ControlRecord } from '../control-record.ts';
import type { Strategy } from '../strategy.ts';
import type { Restriction, RestrictionCause } from './restriction.ts';
import { rateWords, restrictionWords } from './restriction-words.ts';

/** The message of what has become of the strategy, by whom and why (runbook 3.2: in the channel of those who trade). */
export const restrictionTold = (
  state: Strategy,
  next: Restriction,
  cause: RestrictionCause,
  now: Date,
): ControlRecord[] =>
  announce(
    'restricted',
    {
      strategyId: state.id,
      runId: state.run?.id,
      reason: cause.reason,
      by: cause.by,
      restriction: restrictionWords(next),
      approved: rateWords(next.approvedOrdersPerSec),
      occasion: String(state.version + 1), // of each write there is one
    },
    now,
  );
