import { ports } from '../../adapters/aws/ports.ts';
import { reconcile } from '../../domain/resume/reconcile.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => reconcile(command, ports));
