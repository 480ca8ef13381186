import type { ControlRecord } from '../control-record.ts';
import type { RunId, StrategyId } from '../ids.ts';
import type { Trigger } from './delivery.ts';

type Row = {
  readonly audience: readonly string[];
  readonly channels: readonly string[];
  readonly text: (about: About) => string;
};

export type About = {
  readonly strategyId: StrategyId;
  readonly runId: RunId;
  readonly reason?: string;
  /** ISO time at which people may expect to trade again. */
  readonly expectedRecovery?: string;
  /** Where the people of the incident meet. */
  readonly bridgeUrl?: string | undefined;
  /** Of the kill certificate. */
  readonly digest?: string;
  /** A rehearsal: the message says so before anything else, and channels send it without urgency. */
  readonly drill?: boolean;
  /** Tells one message from the next where a run sends several of one trigger. */
  readonly occasion?: string;
};

/** Everybody whom a kill concerns: runbook 5.1.3 and section 6 together. */
const ALL_OF_A_KILL = {
  audience: ['Executive', 'Compliance', 'Trading Ops', 'Risk', 'On Call'],
  channels: ['PagerDuty bridge', 'on-call page', '#incidents', '#trading-ops', '#risk'],
} as const;

/** What every message of an incident ends with. What is not known is said to be so. */
const whenAndWhere = ({ expectedRecovery, bridgeUrl }: About) =>
  `Expected recovery: ${expectedRecovery ?? 'not known'}. Bridge: ${bridgeUrl ?? 'not configured'}`;

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
  'approval-void': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId, reason }) =>
      `What was asked to be signed for ${strategyId} holds no longer: ${reason}. The launch ends; start it again`,
  },
  'launch-postponed': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId, reason }) => `Launch of ${strategyId} postponed: ${reason}`,
  },
  'launch-live': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId }) => `${strategyId} is live`,
  },
  'resume-start': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId, reason }) => `Runbook: Resuming ${strategyId}: ${reason}`,
  },
  'resume-withdrawn': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId, reason }) => `${strategyId} is not resumed and stays SAFE: ${reason}`,
  },
  'resume-live': {
    audience: ['Trading Ops', 'Risk', 'Quant On Call'],
    channels: ['#trading-ops'],
    text: ({ strategyId }) => `${strategyId} is live again`,
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
    ...ALL_OF_A_KILL,
    text: (about) =>
      `Kill-switch triggered for ${about.strategyId} due to ${about.reason}. It is halting; its venues are being checked. ${whenAndWhere(about)}`,
  },
  'kill-unconfirmed': {
    audience: ['On Call', 'Compliance'],
    channels: ['PagerDuty bridge', 'on-call page', '#incidents'],
    text: ({ strategyId }) => `The kill of ${strategyId} has no second signature yet; recovery stays blocked`,
  },
  'kill-confirmed': {
    audience: ['Executive', 'Compliance', 'Trading Ops', 'Risk'],
    channels: ['#incidents'],
    text: ({ strategyId }) =>
      `The kill of ${strategyId} is confirmed by a second person; what its venues say follows in the kill certificate`,
  },
  'kill-certificate': {
    ...ALL_OF_A_KILL,
    text: ({ strategyId, runId, digest }) =>
      `Kill certificate of ${strategyId}: its venues say that nothing rests. Read it: tradepulse-cli kill-certificate ${runId} (${digest})`,
  },
  'incident-updated': {
    ...ALL_OF_A_KILL,
    text: (about) => `Incident update for ${about.strategyId}. ${whenAndWhere(about)}`,
  },
  'launch-allowed': {
    ...ALL_OF_A_KILL,
    text: ({ strategyId }) =>
      `The kill of ${strategyId} is over: launching it is allowed again. It does not trade, and its engines stay halted until a launch arms them`,
  },
};

/** Who hears of a trigger, and where. */
export const audienceOf = (trigger: Trigger): { audience: string[]; channels: string[] } => ({
  audience: [...MATRIX[trigger].audience],
  channels: [...MATRIX[trigger].channels],
});

/** Where the messages of a trigger go. */
export const channelsOf = (trigger: Trigger): readonly string[] => MATRIX[trigger].channels;

/** The id of one message of a run. */
export const deliveryId = (runId: RunId, trigger: string, channel: string): string => `${runId}/${trigger}/${channel}`;

/** The messages of one trigger, ready to commit with the change they announce. Ids are derived, so a repeat writes the same items. */
export function announce(trigger: Trigger, about: About, now: Date): ControlRecord[] {
  const { audience, channels, text } = MATRIX[trigger];
  const occasion = about.occasion === undefined ? '' : `/${about.occasion}`;
  return channels.map((channel) => ({
    kind: 'DELIVERY',
    record: {
      id: deliveryId(about.runId, `${trigger}${occasion}`, channel),
      trigger,
      strategyId: about.strategyId,
      audience: [...audience],
      channel,
      text: about.drill ? `DRILL: ${text(about)}` : text(about),
      ...(about.drill && { drill: true as const }),
      at: now.toISOString(),
      status: 'outbox',
    },
  }));
}
