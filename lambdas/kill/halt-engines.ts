import { ports } from '../../adapters/aws/ports.ts';
import { HaltEngines, haltEngines } from '../../domain/kill/halt-engines.ts';
import { step } from '../step.ts';

export const handler = step(HaltEngines, (command) => haltEngines(command, ports));
