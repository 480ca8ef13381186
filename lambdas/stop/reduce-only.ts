import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { reduceOnly } from '../../domain/stop/reduce-only.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => reduceOnly(command, ports));
