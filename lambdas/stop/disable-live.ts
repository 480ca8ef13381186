import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { disableLiveOfStop } from '../../domain/stop/disable-live-of-stop.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => disableLiveOfStop(command, ports));
