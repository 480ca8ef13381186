import { githubPorts } from '../../adapters/aws/github-ports.ts';
import { ports } from '../../adapters/aws/ports.ts';
import { archiveReviewedRun } from '../../domain/review/archive-reviewed-run.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => archiveReviewedRun(command, { ...ports, ...githubPorts }));
