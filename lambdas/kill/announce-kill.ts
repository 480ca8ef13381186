import { ports } from '../../adapters/aws/ports.ts';
import { announceKill } from '../../domain/kill/announce-kill.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => announceKill(command, ports));
