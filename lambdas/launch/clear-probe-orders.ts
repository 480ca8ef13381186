import { ports } from '../../adapters/aws/ports.ts';
import { clearProbeOrders } from '../../domain/launch/clear-probe-orders.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => clearProbeOrders(command, ports));
