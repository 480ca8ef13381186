import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { openValidation } from '../../domain/validate/open-validation.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openValidation(command, ports));
