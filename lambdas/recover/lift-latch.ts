import { recoverPorts } from '../../adapters/aws/recover-ports.ts';
import { liftLatch } from '../../domain/recover/lift-latch.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => liftLatch(command, recoverPorts));
