import type { ControlRecord } from '../control-record.ts';
import type { RunId, StrategyId } from '../ids.ts';
import type { Trigger } from './delivery.ts';

type Row = {
  readonly audience: readonly string[];
  readonly channels: readonly string[];
  readonly text: (about: About) => string;
};

export type About = { readonly strategyId: StrategyId; readonly runId: RunId; readonly reason?: string };

/** The communication matrix of runbook section 6, and the messages that sections 4 and 5.1 imply. */
const MATRIX: Record<Trigger, Row> = {
  'launch-start': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId }) => `Runbook: Launching ${strategyId}`,
  },
  'launch-withdrawn': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId, reason }) => `Launch of ${strategyId} withdrawn: ${reason}`,
  },
  'launch-live': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId }) => `${strategyId} is live`,
  },
  'planned-halt': {
    audience: ['Trading Ops', 'Risk'],
    channels: ['#trading-ops'],
    text: ({ strategyId }) => `Runbook: Stopping ${strategyId}`,
  },
  'halt-confirmed': {
    audience: ['Trading Ops', 'Risk'],
    channels: ['#trading-ops'],
    text: ({ strategyId }) => `${strategyId} is stopped and settled`,
  },
  'kill-switch': {
    audience: ['Executive', 'Compliance', 'Trading Ops', 'Risk', 'On Call'],
    channels: ['PagerDuty bridge', '#incidents', '#trading-ops', '#risk'],
    text: ({ strategyId, reason }) => `Kill-switch triggered for ${strategyId} due to ${reason}`,
  },
  'kill-unconfirmed': {
    audience: ['On Call', 'Compliance'],
    channels: ['PagerDuty bridge', '#incidents'],
    text: ({ strategyId }) => `The kill of ${strategyId} has no second signature yet; recovery stays blocked`,
  },
  'kill-confirmed': {
    audience: ['Executive', 'Compliance', 'Trading Ops', 'Risk'],
    channels: ['#incidents'],
    text: ({ strategyId }) => `The kill of ${strategyId} is confirmed by a second person`,
  },
};

/** The messages of one trigger, ready to commit with the change they announce. Ids are derived, so a repeat writes the same items. */
export function announce(trigger: Trigger, about: About, now: Date): ControlRecord[] {
  const { audience, channels, text } = MATRIX[trigger];
  return channels.map((channel) => ({
    kind: 'DELIVERY',
    record: {
      id: `${about.runId}/${trigger}/${channel}`,
      trigger,
      strategyId: about.strategyId,
      audience: [...audience],
      channel,
      text: text(about),
      at: now.toISOString(),
      status: 'outbox',
    },
  }));
}
