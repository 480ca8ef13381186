import type { CourierPorts } from './courier.ts';
import { type Delivery, deliveryId } from './delivery.ts';
import type { Row } from './matrix.ts';

/** Who may take over: the row of the matrix. */
export type Escalation = Pick<Row, 'channels' | 'escalateTo'>;

/** The channel that takes over: the first of the row's list that the message does not go to anyway, and that has not failed itself. Nothing where none is left. */
const nextChannel = ({ channels, escalateTo }: Escalation, failed: ReadonlySet<string>): string | undefined =>
  escalateTo.find((channel) => !channels.includes(channel) && !failed.has(channel));

/**
 * Ends a delivery that failed, and names the channel that takes over; where none is left, raises the alarm: somebody was not told.
 * Answers nothing when another courier has written meanwhile.
 */
export async function giveUp(
  delivery: Delivery,
  why: string,
  escalation: Escalation,
  { records, alarm }: Pick<CourierPorts, 'records' | 'alarm'>,
): Promise<Delivery | undefined> {
  const { nextAttemptAt: _due, claimedUntil: _claim, ...rest } = delivery;
  const takers = await Promise.all(
    escalation.escalateTo.map((channel) => records.get('DELIVERY', deliveryId(delivery.message, channel))),
  );
  const failed = takers.flatMap((each) => (each?.status === 'failed' ? [each.channel] : []));
  const escalatedTo = nextChannel(escalation, new Set([...failed, delivery.channel]));
  const record: Delivery = {
    ...rest,
    status: 'failed',
    version: delivery.version + 1,
    ...(escalatedTo !== undefined && { escalatedTo }),
  };
  if (!(await records.replace({ kind: 'DELIVERY', record }))) return undefined;
  const { id, message, trigger, channel, severity } = delivery;
  const isAlarming = escalatedTo === undefined && trigger !== 'channel-test'; // whoever tests a channel waits for the answer
  if (isAlarming) alarm(`${channel} was not told of ${trigger}: ${why}`, { delivery: id, message, severity });
  return record;
}
