import { ports } from '../../adapters/aws/ports.ts';
import { openResumption } from '../../domain/resume/open-resumption.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openResumption(command, ports));
