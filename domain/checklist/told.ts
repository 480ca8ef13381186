import type { Delivery } from '../communications/delivery.ts';
import type { Trigger } from '../communications/trigger.ts';
import { digestOf } from '../ledger/digest.ts';
import { both, found, type Known, lacking, type Need, type Proof } from './need.ts';

/** A message that the course of a run calls for. */
export type WantedMessage = { readonly trigger: Trigger; readonly run: string };

/**
 * Everybody of the matrix's row was told (runbook 6): over each of its channels a provider has acknowledged the message, or over the
 * channel that took over from it. A message that was written and not acknowledged proves nothing.
 */
export const told =
  (wanted: WantedMessage): Need =>
  (known) => {
    const { matrix } = known.facts;
    if (!matrix) return lacking('no communication matrix is registered');
    const row = matrix.rows[wanted.trigger];
    if (!row) return lacking(`the matrix has no row for ${wanted.trigger}`);
    return both(...row.channels.map((channel) => toldOver(channel, wanted, known)));
  };

/** Longer chains of channels that took over from one another are not followed. */
export const MOST_ESCALATIONS = 6;

function toldOver(first: string, { trigger, run }: WantedMessage, { facts }: Known): Proof {
  let channel = first;
  for (let step = 0; step < MOST_ESCALATIONS; step += 1) {
    const delivery = facts.deliveries.find(
      (each) => each.runId === run && each.trigger === trigger && each.channel === channel,
    );
    if (!delivery) return lacking(`${trigger} of ${run}: no delivery over ${channel}`);
    if (isAcknowledged(delivery)) return found(evidenceOf(delivery));
    if (delivery.escalatedTo === undefined)
      return lacking(`${trigger} of ${run}: ${channel} has not acknowledged (${delivery.status})`);
    channel = delivery.escalatedTo;
  }
  return lacking(`${trigger} of ${run}: escalated in a circle from ${first}`);
}

/** A provider said so in a try that is on record: a status alone is none. */
const isAcknowledged = ({ status, acknowledgedAt, attempts }: Delivery): boolean =>
  status === 'acknowledged' &&
  acknowledgedAt !== undefined &&
  attempts.some(({ outcome }) => outcome === 'acknowledged');

const evidenceOf = (delivery: Delivery) => ({
  hash: digestOf(delivery),
  source: `delivery ${delivery.id}`,
  at: String(delivery.acknowledgedAt),
});
