import { ports } from '../../adapters/aws/ports.ts';
import { escalateUnconfirmedKill } from '../../domain/kill/escalate-unconfirmed-kill.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => escalateUnconfirmedKill(command, ports));
