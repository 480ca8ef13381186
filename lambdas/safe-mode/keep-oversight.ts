import { ports } from '../../adapters/aws/ports.ts';
import { keepOversight } from '../../domain/data-incident/keep-oversight.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => keepOversight(command, ports));
