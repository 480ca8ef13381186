import { enablePorts } from '../../adapters/aws/enable-ports.ts';
import { armAgain } from '../../domain/resume/arm-again.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => armAgain(command, enablePorts));
