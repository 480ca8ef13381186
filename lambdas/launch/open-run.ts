import { ports } from '../../adapters/aws/ports.ts';
import { openRun } from '../../domain/launch/open-run.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openRun(command, ports));
