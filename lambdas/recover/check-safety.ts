import { recoverPorts } from '../../adapters/aws/recover-ports.ts';
import { checkSafety } from '../../domain/recover/check-safety.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => checkSafety(command, recoverPorts));
