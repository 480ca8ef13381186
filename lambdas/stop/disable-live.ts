import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { disableLive } from '../../domain/stop/disable-live.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => disableLive(command, ports));
