import { ports } from '../../adapters/aws/ports.ts';
import { freezeLaunches } from '../../domain/kill/freeze-launches.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => freezeLaunches(command, ports));
