import { ports } from '../../adapters/aws/ports.ts';
import { closeOrderEntry } from '../../domain/stop/close-order-entry.ts';
import { StopStep } from '../../domain/stop/stop-step.ts';
import { step } from '../step.ts';

export const handler = step(StopStep, (command) => closeOrderEntry(command, ports));
