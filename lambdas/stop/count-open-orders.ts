import { ports } from '../../adapters/aws/ports.ts';
import { CountOpenOrders, countOpenOrders } from '../../domain/stop/count-open-orders.ts';
import { step } from '../step.ts';

export const handler = step(CountOpenOrders, (command) => countOpenOrders(command, ports));
