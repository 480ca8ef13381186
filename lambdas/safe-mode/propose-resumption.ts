import { ports } from '../../adapters/aws/ports.ts';
import { proposeResumption } from '../../domain/data-incident/propose-resumption.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => proposeResumption(command, ports));
