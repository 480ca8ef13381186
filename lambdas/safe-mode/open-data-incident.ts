import { ports } from '../../adapters/aws/ports.ts';
import { openDataIncident } from '../../domain/data-incident/open-data-incident.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openDataIncident(command, ports));
