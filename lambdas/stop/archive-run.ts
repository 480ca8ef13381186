import { githubPorts } from '../../adapters/aws/github-ports.ts';
import { ports } from '../../adapters/aws/ports.ts';
import { archiveStoppedRun } from '../../domain/archive/archive-stopped-run.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => archiveStoppedRun(command, { ...ports, ...githubPorts }));
