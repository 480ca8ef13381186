import { ports } from '../../adapters/aws/ports.ts';
import { fileIssues } from '../../domain/review/file-issues.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => fileIssues(command, ports));
