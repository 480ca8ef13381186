import type { Outgoing } from '../../../domain/ports/message-channels.ts';
import { cutTo, oneLine, plainText } from '../plain-text.ts';

/** Limits of the Events API v2, in characters; `DETAILS` is ours, far below the 512 KB of an event. */
const SUMMARY = 1024;
const DEDUP_KEY = 255;
const DETAILS = 10_000;
const SOURCE = 'tradepulse-control-plane';

/** An event that opens, acknowledges or closes an alert. Acknowledging and closing need the key of the one that opened it. */
export function pagerdutyEvent(outgoing: Outgoing, routingKey: string) {
  const { severity, strategyId, dedupKey, page = 'trigger', subject, text, audience, at } = outgoing;
  return {
    routing_key: routingKey,
    event_action: page,
    ...(dedupKey !== undefined && { dedup_key: dedupKey.slice(0, DEDUP_KEY) }),
    client: 'TradePulse Control Plane',
    payload: {
      summary: cutTo(oneLine(subject), SUMMARY) || '-',
      source: SOURCE,
      severity,
      timestamp: at,
      ...(strategyId !== undefined && { component: strategyId }),
      custom_details: { text: cutTo(plainText(text), DETAILS), audience: audience.join(', ') },
    },
  };
}
