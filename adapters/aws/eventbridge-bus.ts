import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '../../domain/ports/event-bus.ts';

/** The product's own bus. An entry that the service did not take is a fault, so that the caller's state is tried again. */
export class EventBridgeBus implements EventBus {
  readonly #client: EventBridgeClient;
  readonly #bus: string;

  constructor(client: EventBridgeClient, bus: string) {
    this.#client = client;
    this.#bus = bus;
  }

  async publish(detailType: string, detail: Record<string, unknown>): Promise<void> {
    const entry = {
      EventBusName: this.#bus,
      Source: 'tradepulse.control-plane',
      DetailType: detailType,
      Detail: JSON.stringify(detail),
    };
    const { FailedEntryCount, Entries } = await this.#client.send(new PutEventsCommand({ Entries: [entry] }));
    if (FailedEntryCount)
      throw new Error(`${detailType} was not published: ${Entries?.[0]?.ErrorCode} ${Entries?.[0]?.ErrorMessage}`);
  }
}
