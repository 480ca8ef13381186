import { ports } from '../../adapters/aws/ports.ts';
import { checkPreconditions } from '../../domain/resume/check-preconditions.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => checkPreconditions(command, ports));
