import { ATTEMPT_LIMITS } from './attempt-limits.ts';
import type { Delivery } from './delivery.ts';

/** What is to be done with a delivery now. */
export type DeliveryStep =
  | { readonly do: 'send' }
  | { readonly do: 'wait'; readonly whose: 'ours' | 'another courier' }
  | { readonly do: 'give-up'; readonly why: string }
  | { readonly do: 'nothing' };

/**
 * Runbook 6: send now, wait, give up, or nothing at all. Nothing once the provider has acknowledged or another channel has taken
 * over; wait while another courier has it or the next try is not due; give up after a final no, after the last try, and where the
 * next try would be too late (a try that is late because we were away is made all the same). A claim that has run out is a courier that died: the delivery is sent again (at least once).
 */
export function deliveryStep(delivery: Delivery, now: Date): DeliveryStep {
  if (delivery.status !== 'waiting') return { do: 'nothing' };
  const time = now.getTime();
  if (Date.parse(delivery.claimedUntil ?? '') > time) return { do: 'wait', whose: 'another courier' };
  const why = whyNoMore(delivery);
  if (why) return { do: 'give-up', why };
  return Date.parse(delivery.nextAttemptAt ?? '') > time ? { do: 'wait', whose: 'ours' } : { do: 'send' };
}

function whyNoMore({ attempts, severity, nextAttemptAt }: Delivery): string | undefined {
  const [first] = attempts;
  const last = attempts.at(-1);
  if (!first || !last) return undefined;
  if (last.outcome === 'failed') return last.detail;
  const { tries, withinMs } = ATTEMPT_LIMITS[severity];
  if (attempts.length >= tries) return `${attempts.length} tries: ${last.detail}`;
  const isTooLate = Date.parse(nextAttemptAt ?? '') - Date.parse(first.at) > withinMs;
  return isTooLate ? `too late for another try: ${last.detail}` : undefined;
}
