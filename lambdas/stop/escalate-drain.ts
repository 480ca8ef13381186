import { ports } from '../../adapters/aws/ports.ts';
import { CountOpenOrders } from '../../domain/stop/count-open-orders.ts';
import { escalateDrain } from '../../domain/stop/escalate-drain.ts';
import { step } from '../step.ts';

export const handler = step(CountOpenOrders, (command) => escalateDrain(command, ports));
