import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { runSmoke } from '../../domain/validate/run-smoke.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => runSmoke(command, ports));
