import { ports } from '../../adapters/aws/ports.ts';
import { disarmAndDisable } from '../../domain/launch/disarm-and-disable.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => disarmAndDisable(command, ports));
