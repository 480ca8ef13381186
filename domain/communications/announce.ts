import type { ControlRecord } from '../control-record.ts';
import type { RunId, StrategyId } from '../ids.ts';
import { cleanFact } from './clean-fact.ts';
import type { FactOf } from './facts-of-trigger.ts';
import type { Trigger } from './trigger.ts';

/** What a message is about, whatever its trigger. */
type Common = {
  /** None for what is about the desk. */
  readonly strategyId?: StrategyId | undefined;
  readonly runId?: RunId | undefined;
  /** A rehearsal: the message says so before anything else, and pages nobody. */
  readonly drill?: boolean;
  /** ISO time at which a rule of ours knew of it, where that is later than it happened. */
  readonly detectedAt?: string;
  /** Tells one message from the next where several of one trigger are about the same run, strategy, or desk. */
  readonly occasion?: string;
};

/** The facts that a message of a trigger carries beside what it is about, as text. What is left out is told as not known. */
type Facts<About extends Trigger> = {
  readonly [Fact in Exclude<FactOf<About>, 'strategy' | 'id' | 'run'>]?: string | undefined;
};

export type About<Of extends Trigger> = Common & Facts<Of>;

/** The id of a message: what it is about, its trigger, and which of several it is. */
export const messageId = (about: string, trigger: Trigger, occasion?: string): string =>
  occasion === undefined ? `${about}/${trigger}` : `${about}/${trigger}/${occasion}`;

/**
 * The message of one trigger, ready to commit with the change it tells about; `now` is when that happened. It knows no channel: the courier
 * spreads it by the matrix. Its id is derived, so a repeat writes the same item.
 */
export function announce<Of extends Trigger>(trigger: Of, about: About<Of>, now: Date): ControlRecord[] {
  const { strategyId, runId, occasion, drill, detectedAt, ...told }: Common & Record<string, unknown> = about;
  const at = now.toISOString();
  const record = {
    id: messageId(runId ?? strategyId ?? 'desk', trigger, occasion),
    trigger,
    ...(strategyId && { strategyId }),
    ...(runId && { runId }),
    facts: {
      time: at,
      ...(strategyId && { strategy: strategyId, id: strategyId }),
      ...(runId && { run: runId }),
      ...texts(told),
    },
    ...{ at, detectedAt: detectedAt ?? at, version: 1 },
    ...(drill && { drill: true as const }),
  };
  return [{ kind: 'MESSAGE', record }];
}

const texts = (told: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(told).flatMap(([name, text]) => (typeof text === 'string' ? [[name, cleanFact(name, text)]] : [])),
  );
