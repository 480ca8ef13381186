import { allEnded } from '../all-ended.ts';
import type { Courier } from './courier.ts';
import { deliver } from './deliver.ts';
import { deliveriesOf, deliveryOn } from './deliveries-of.ts';
import type { Delivery } from './delivery.ts';
import type { Channel, Matrix } from './matrix.ts';
import type { Message } from './message.ts';

export type Carried = 'settled' | 'waits';

/**
 * Runbook 6: carries a message to every channel of its row, and to those that take over where one fails, all at once. It is settled
 * when each delivery is acknowledged or given up; what is not then waits for the next round. Where one channel's records cannot be
 * read or written the others go on; that fault is thrown at the end.
 */
export async function settleMessage(message: Message, matrix: Matrix, courier: Courier): Promise<Carried> {
  const row = matrix.rows[message.trigger];
  const drafts = deliveriesOf(message, matrix);
  if (!row || !drafts) return 'waits';
  const reachable = (channel: string) => deliveryOn(channel, message, matrix) !== undefined;
  const escalation = { channels: row.channels, escalateTo: row.escalateTo.filter(reachable) };
  const under = new Map<string, Promise<Delivery[]>>();
  const carry = (draft: Delivery | undefined): Promise<Delivery[]> => {
    const target = draft && matrix.channels[draft.channel];
    if (!draft || !target) return Promise.resolve([]);
    const known = under.get(draft.channel) ?? carryOn(draft, target);
    under.set(draft.channel, known);
    return known;
  };
  const carryOn = async (draft: Delivery, target: Channel) => {
    const delivery = await deliver({ draft, target, escalation }, courier);
    const next = delivery.escalatedTo;
    if (next === undefined) return [delivery];
    const escalated = deliveryOn(next, message, matrix);
    return [delivery, ...(await carry(escalated && { ...escalated, escalatedFrom: delivery.channel }))];
  };
  const carried = await allEnded(drafts.map(carry));
  return carried.flat().some(({ status }) => status === 'waiting') ? 'waits' : settle(message, courier);
}

/** It waits no longer. Whoever has written it meanwhile has announced it again, or settled it. */
async function settle(message: Message, { records, now }: Courier): Promise<Carried> {
  const record: Message = { ...message, settledAt: now().toISOString(), version: message.version + 1 };
  return (await records.replace({ kind: 'MESSAGE', record })) ? 'settled' : 'waits';
}
