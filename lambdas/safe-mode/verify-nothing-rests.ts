import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { verifyNothingRests } from '../../domain/safe-mode/verify-nothing-rests.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => verifyNothingRests(command, ports));
