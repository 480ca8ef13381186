import { ports } from '../../adapters/aws/ports.ts';
import { cancelRemainingOrders } from '../../domain/stop/cancel-remaining-orders.ts';
import { StopStep } from '../../domain/stop/stop-step.ts';
import { step } from '../step.ts';

export const handler = step(StopStep, (command) => cancelRemainingOrders(command, ports));
