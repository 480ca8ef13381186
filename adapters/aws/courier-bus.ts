import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { environment } from './environment.ts';
import { EventBridgeBus } from './eventbridge-bus.ts';
import { courierOnBus } from './telling-courier.ts';

/** The bus of this deployment, and the courier that listens on it. */
export const bus = new EventBridgeBus(new EventBridgeClient({}), environment.EVENT_BUS_NAME);
export const tellCourier = courierOnBus(bus);
