import { enablePorts } from '../../adapters/aws/enable-ports.ts';
import { armAndEnable } from '../../domain/launch/arm-and-enable.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => armAndEnable(command, enablePorts));
