import { ports } from '../../adapters/aws/ports.ts';
import { confirmLive } from '../../domain/launch/confirm-live.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => confirmLive(command, ports));
