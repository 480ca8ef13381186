import { ports } from '../../adapters/aws/ports.ts';
import { openRecovery } from '../../domain/recover/open-recovery.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openRecovery(command, ports));
