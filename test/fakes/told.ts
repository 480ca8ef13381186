import { deliveriesOf } from '../../domain/communications/deliveries-of.ts';
import type { Delivery } from '../../domain/communications/delivery.ts';
import type { Message } from '../../domain/communications/message.ts';
import type { Trigger } from '../../domain/communications/trigger.ts';
import { shippedMatrix } from './shipped-matrix.ts';
import type { World } from './world.ts';

/** The messages that stand in the outbox, of one trigger or of all. */
export const messagesIn = ({ store }: Pick<World, 'store'>, trigger?: Trigger): Message[] =>
  [...store.records.values()]
    .flatMap((each) => (each.kind === 'MESSAGE' ? [each.record] : []))
    .filter((message) => trigger === undefined || message.trigger === trigger);

/** What the courier makes of them by the matrix that is shipped: one for each channel, as people read it. */
export const toldIn = (made: Pick<World, 'store'>, trigger?: Trigger): Delivery[] =>
  messagesIn(made, trigger).flatMap((message) => deliveriesOf(message, shippedMatrix()) ?? []);
