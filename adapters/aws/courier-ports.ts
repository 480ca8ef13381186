import type { CourierPorts } from '../../domain/communications/courier.ts';
import { Delivery } from '../../domain/communications/delivery.ts';
import { Matrix } from '../../domain/communications/matrix.ts';
import { Message } from '../../domain/communications/message.ts';
import { alarmMetric } from './alarm-metric.ts';
import { channelPorts } from './channel-ports.ts';
import { elapsedMs, now, pause } from './clock.ts';
import { DynamoSomeRecords } from './dynamo-some-records.ts';
import { dynamo, tables } from './store.ts';

/** What carrying messages takes and nothing more: no strategy is within its reach, no ledger, no engine and no bus. */
export const courierPorts = {
  ...channelPorts,
  records: new DynamoSomeRecords(dynamo, tables, now, { MESSAGE: Message, DELIVERY: Delivery, MATRIX: Matrix }),
  random: Math.random,
  alarm: alarmMetric('MessageNotDelivered'),
  now,
  elapsedMs,
  pause,
} satisfies CourierPorts;
