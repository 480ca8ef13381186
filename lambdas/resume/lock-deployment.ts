import { ports } from '../../adapters/aws/ports.ts';
import { lockDeployment } from '../../domain/launch/lock-deployment.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => lockDeployment(command, ports));
