import { ports } from '../../adapters/aws/ports.ts';
import { validateParameters } from '../../domain/launch/validate-parameters.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => validateParameters(command, ports));
