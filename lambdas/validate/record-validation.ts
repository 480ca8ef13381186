import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { recordValidation } from '../../domain/validate/record-validation.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => recordValidation(command, ports));
