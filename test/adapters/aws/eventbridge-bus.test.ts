import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { EventBridgeBus } from '../../../adapters/aws/eventbridge-bus.ts';
import { createEventBridge, type EventBridge } from '../../../local/aws/eventbridge/eventbridge.ts';
import type { ServiceEvent } from '../../../local/aws/eventbridge/service-event.ts';
import { account, region, type Served, serveLocally } from '../../local/aws/serve-locally.ts';
import { temporaryFolder } from '../../local/aws/temporary-folder.ts';
import { pointAt } from './point-at.ts';
import { AT } from './samples.ts';

describe('EventBridgeBus on the local EventBridge', () => {
  const taken = Promise.withResolvers<ServiceEvent>();
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bridge: EventBridge;
  let served: Served;
  let client: EventBridgeClient;
  before(async () => {
    folder = await temporaryFolder();
    bridge = createEventBridge({ dataPath: folder.path, region, account, now: () => AT, buses: ['control'] });
    const target = { id: 'recorder', invoke: async (event: ServiceEvent) => taken.resolve(event) };
    bridge.registerRules([
      { name: 'ours', bus: 'control', pattern: { source: ['tradepulse.control-plane'] }, targets: [target] },
    ]);
    served = await serveLocally(bridge.handle);
    pointAt('EVENTBRIDGE', served.url);
    client = new EventBridgeClient({});
  });
  after(async () => {
    client.destroy();
    await served.close();
    await bridge.close();
    await folder.remove();
  });

  it('publishes a fact on the bus of the product, under its source', async () => {
    await new EventBridgeBus(client, 'control').publish('strategy.killed', { strategyId: 'btc-momentum' });

    const { source, 'detail-type': type, detail } = await taken.promise;
    assert.deepEqual(
      [source, type, detail],
      ['tradepulse.control-plane', 'strategy.killed', { strategyId: 'btc-momentum' }],
    );
  });

  it('takes an event that the service refused for a fault, so that the state is tried again', async () => {
    const refusing = new EventBridgeClient({ region });
    const refused = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
    mockClient(refusing)
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [refused] });

    await assert.rejects(
      new EventBridgeBus(refusing, 'control').publish('strategy.killed', {}),
      /strategy.killed was not published: ThrottlingException slow down/,
    );
  });
});
