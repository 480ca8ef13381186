import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { cancelRemainingOrders } from '../../domain/stop/cancel-remaining-orders.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => cancelRemainingOrders(command, ports));
