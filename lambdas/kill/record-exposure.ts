import { ports } from '../../adapters/aws/ports.ts';
import { recordExposure } from '../../domain/kill/record-exposure.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => recordExposure(command, ports));
