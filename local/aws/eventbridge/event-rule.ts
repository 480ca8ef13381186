import { compilePattern } from './compile-pattern.ts';
import type { ServiceEvent } from './service-event.ts';

/** A target of a rule. It may be called twice with the same event (at least once), also after a restart of the host. */
export type EventTarget = {
  /** Unique within its rule; a delivery that outlives a restart finds its target by rule and id. */
  readonly id: string;
  invoke(event: ServiceEvent): Promise<void>;
};

export type EventRule = {
  readonly name: string;
  /** Bus name, e.g. `default`. */
  readonly bus: string;
  /** The EventPattern of the template, as an object. */
  readonly pattern: unknown;
  readonly targets: readonly EventTarget[];
};

export type CompiledRule = EventRule & { readonly matches: (event: unknown) => boolean };

/** Throws, naming the rule, when its pattern uses anything this host does not know. */
export function compileRule(rule: EventRule): CompiledRule {
  try {
    return { ...rule, matches: compilePattern(rule.pattern) };
  } catch (cause) {
    throw new Error(`Rule ${rule.name} cannot be served: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
