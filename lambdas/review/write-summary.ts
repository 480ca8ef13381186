import { ports } from '../../adapters/aws/ports.ts';
import { writeSummary } from '../../domain/review/write-summary.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => writeSummary(command, ports));
