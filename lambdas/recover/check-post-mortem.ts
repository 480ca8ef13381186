import { ports } from '../../adapters/aws/ports.ts';
import { checkPostMortem } from '../../domain/recover/check-post-mortem.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => checkPostMortem(command, ports));
