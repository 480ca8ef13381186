import { ports } from '../../adapters/aws/ports.ts';
import { verifyVenues } from '../../domain/kill/verify-venues.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => verifyVenues(command, ports));
