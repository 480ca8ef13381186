import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { recordStop } from '../../domain/stop/record-stop.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => recordStop(command, ports));
