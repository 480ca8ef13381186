import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { repeatHalt } from '../../domain/safe-mode/repeat-halt.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => repeatHalt(command, ports));
