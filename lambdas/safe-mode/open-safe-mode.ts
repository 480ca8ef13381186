import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { openSafeMode } from '../../domain/safe-mode/open-safe-mode.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openSafeMode(command, ports));
