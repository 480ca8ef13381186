import { ports } from '../../adapters/aws/ports.ts';
import { closeDataIncident } from '../../domain/data-incident/close-data-incident.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => closeDataIncident(command, ports));
