import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { openStop } from '../../domain/stop/open-stop.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openStop(command, ports));
