import { ports } from '../../adapters/aws/ports.ts';
import { leaveSignedOrders } from '../../domain/stop/leave-signed-orders.ts';
import { StopStep } from '../../domain/stop/stop-step.ts';
import { step } from '../step.ts';

export const handler = step(StopStep, (command) => leaveSignedOrders(command, ports));
