import { ports } from '../../adapters/aws/ports.ts';
import { disableLive } from '../../domain/stop/disable-live.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => disableLive(command, ports));
