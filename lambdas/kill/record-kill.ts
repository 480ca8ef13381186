import { ports } from '../../adapters/aws/ports.ts';
import { recordKill } from '../../domain/kill/record-kill.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => recordKill(command, ports));
