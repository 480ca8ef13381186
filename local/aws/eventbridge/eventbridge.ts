import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { FetchHandler } from '../fetch-handler.ts';
import { jsonService, operation } from '../json-service.ts';
import { captureTo } from './capture.ts';
import { openDeliveries } from './deliveries.ts';
import { createDispatcher } from './dispatcher.ts';
import { type CheckedEntry, checkEntry, EventEntry } from './event-entry.ts';
import { type CompiledRule, compileRule, type EventRule } from './event-rule.ts';
import type { ServiceEvent } from './service-event.ts';

export type EventBridgeOptions = {
  /** Folder of `deliveries.db` and of the capture file `events.jsonl`. */
  readonly dataPath: string;
  readonly region: string;
  readonly account: string;
  readonly now: () => Date;
  /** Names of the template's buses; `default` always exists. */
  readonly buses?: readonly string[];
  /** Milliseconds to wait after the given number of failed attempts; doubles from 0.5 s to one minute unless given. */
  readonly backoff?: (attempts: number) => number;
};

/** What the host publishes for an AWS service, e.g. an execution status change. */
export type ServiceFact = Pick<ServiceEvent, 'source' | 'detail-type' | 'detail'> & {
  readonly resources?: readonly string[];
};

export type EventBridge = {
  readonly handle: FetchHandler;
  /** Compiles and installs the rules (an unknown operator throws; events are refused before), then resumes what a former run left undelivered. Call once, when targets can be called. */
  registerRules(rules: readonly EventRule[]): void;
  /** Puts an event of a service on the default bus; on the disk when it returns. */
  publish(fact: ServiceFact): void;
  close(): Promise<void>;
};

const largestCall = 262_144;
const PutEvents = z.strictObject({ Entries: z.array(EventEntry).min(1).max(10), EndpointId: z.undefined().optional() });

/** EventBridge with PutEvents and rules whose targets are functions of the host: at least once, also across a restart. */
export function createEventBridge({
  dataPath,
  region,
  account,
  now,
  buses = [],
  ...options
}: EventBridgeOptions): EventBridge {
  const knownBuses = new Set(['default', ...buses]);
  const deliveries = openDeliveries(join(dataPath, 'deliveries.db'));
  const note = captureTo(join(dataPath, 'events.jsonl'));
  const backoff = options.backoff ?? ((attempts) => Math.min(60_000, 250 * 2 ** attempts));
  let rules: ReadonlyMap<string, CompiledRule> | undefined;
  const installed = () => {
    if (rules) return rules;
    throw new Error('An event came before registerRules: it would reach nobody; register the rules first');
  };
  const dispatcher = createDispatcher({ deliveries, now, backoff, rules: installed, note });

  function send(entry: CheckedEntry): string {
    const event = eventOf(entry, { region, account, now });
    const targets = [...installed().values()]
      .filter(({ bus, matches }) => bus === entry.bus && matches(event))
      .flatMap(({ name, targets: all }) => all.map(({ id }) => ({ rule: name, target: id, event })));
    const added = deliveries.add(targets, now().getTime());
    note({ bus: entry.bus, targets: targets.map(({ rule, target }) => `${rule}/${target}`), event });
    for (const delivery of added) dispatcher.start(delivery);
    return event.id;
  }

  function put(entry: EventEntry) {
    try {
      return { EventId: send(checkEntry(entry, knownBuses)) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { ErrorCode: error.name, ErrorMessage: error.message };
    }
  }

  return {
    handle: jsonService('AWSEvents', {
      PutEvents: operation(PutEvents, (input) => {
        if (JSON.stringify(input).length > largestCall) {
          throw new AwsError(
            'ValidationException',
            `Total size of the entries in the request is over ${largestCall} bytes`,
          );
        }
        const Entries = input.Entries.map(put);
        return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
      }),
    }),
    registerRules(given) {
      rules = new Map(given.map((rule) => [rule.name, compileRule(rule)]));
      for (const delivery of deliveries.waiting()) dispatcher.start(delivery);
    },
    publish({ source, 'detail-type': detailType, detail, resources = [] }) {
      send({ bus: 'default', source, detailType, detail: { ...detail }, resources, time: undefined });
    },
    async close() {
      await dispatcher.close();
      deliveries.close();
    },
  };
}

type Origin = Pick<EventBridgeOptions, 'region' | 'account' | 'now'>;

function eventOf(
  { source, detailType, detail, resources, time }: CheckedEntry,
  { region, account, now }: Origin,
): ServiceEvent {
  const at = time === undefined ? now() : new Date(time * 1000);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources,
    detail,
  };
}
