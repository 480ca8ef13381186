import { ports } from '../../adapters/aws/ports.ts';
import { certifyKill } from '../../domain/kill/certify-kill.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => certifyKill(command, ports));
