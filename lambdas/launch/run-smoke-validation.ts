import { ports } from '../../adapters/aws/ports.ts';
import { runSmokeValidation } from '../../domain/launch/run-smoke-validation.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => runSmokeValidation(command, ports));
