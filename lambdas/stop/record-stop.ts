import { ports } from '../../adapters/aws/ports.ts';
import { recordStop } from '../../domain/stop/record-stop.ts';
import { StopStep } from '../../domain/stop/stop-step.ts';
import { step } from '../step.ts';

export const handler = step(StopStep, (command) => recordStop(command, ports));
