import type { CourierPorts } from '../../domain/communications/courier.ts';
import { deliveryOn } from '../../domain/communications/deliveries-of.ts';
import { Delivery } from '../../domain/communications/delivery.ts';
import { Matrix } from '../../domain/communications/matrix.ts';
import type { Message } from '../../domain/communications/message.ts';
import { sendMessages } from '../../domain/communications/send-messages.ts';
import type { Trigger } from '../../domain/communications/trigger.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { FakeChannels } from './fake-channels.ts';
import { FakeStore } from './fake-store.ts';
import { virtualTime } from './virtual-time.ts';
import { RUN, START, STRATEGY } from './world.ts';

const row = {
  audience: ['Desk'],
  channels: ['#ops'],
  template: 'Runbook: Launching <strategy>',
  severity: 'info' as const,
};

/** A small matrix: what is of no urgency goes to one channel, a kill to a pager and two more, and on to mail. */
export const MATRIX: Matrix = Matrix.parse({
  id: 'communications',
  digest: digestOf('a matrix'),
  channels: {
    '#ops': { via: 'slack' },
    '#risk': { via: 'slack' },
    pager: { via: 'pagerduty' },
    mail: { via: 'email', to: ['risk@example.com'] },
    'other mail': { via: 'email', to: ['ops@example.com'] },
  },
  rows: {
    'launch-start': row,
    'launch-live': { ...row, severity: 'warning', escalateTo: ['mail'] },
    'kill-switch': {
      ...row,
      channels: ['pager', '#ops', '#risk'],
      template: 'Kill-switch triggered for <strategy> due to <reason>',
      severity: 'critical',
      escalateTo: ['mail', 'other mail'],
      page: 'trigger',
    },
    'channel-test': { ...row, template: 'Test of <channel>' },
  },
});

export const messageOf = (trigger: Trigger, more: Partial<Message> = {}): Message => ({
  ...{ id: `${RUN}/${trigger}`, trigger, strategyId: STRATEGY, runId: RUN },
  facts: { strategy: STRATEGY, reason: 'loss' },
  ...{ at: START.toISOString(), detectedAt: START.toISOString(), version: 1 },
  ...more,
});

/** A message on a channel of that matrix, which nobody has sent yet. */
export const deliveryOf = (trigger: Trigger, channel: string): Delivery =>
  Delivery.parse(deliveryOn(channel, messageOf(trigger), MATRIX));

/** Couriers over one store and one set of providers, on a clock of their own. `random` is 1/2 unless a test says otherwise. */
export function courierWorld(...messages: readonly Message[]) {
  const store = new FakeStore();
  const channels = new FakeChannels();
  const time = virtualTime(START);
  const alarms: string[] = [];
  store.records.set('MATRIX#communications', { kind: 'MATRIX', record: MATRIX });
  for (const record of messages) store.records.set(`MESSAGE#${record.id}`, { kind: 'MESSAGE', record });
  const ports: CourierPorts = {
    ...{ records: store, channels, now: time.now, elapsedMs: time.elapsedMs, pause: time.pause },
    ...{ random: () => 0.5, alarm: (what: string) => void alarms.push(what) },
  };
  const of = (kind: string) => [...store.records.values()].filter((each) => each.kind === kind);
  return {
    ...{ store, channels, time, alarms, ports },
    /** One round, as the sweep makes it or an event. */
    round: (ids: string[] = [], over: Partial<CourierPorts> = {}) =>
      time.during(sendMessages(ids, { ...ports, ...over })),
    deliveries: () => of('DELIVERY').map(({ record }) => Delivery.parse(record)),
    deliveryOver: async (channel: string, trigger: Trigger = 'kill-switch') =>
      store.get('DELIVERY', `${RUN}/${trigger}/${channel}`),
    waiting: async () => (await store.all('MESSAGE')).map(({ id }) => id),
  };
}

export type CourierWorld = ReturnType<typeof courierWorld>;
