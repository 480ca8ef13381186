import { ports } from '../../adapters/aws/ports.ts';
import { RunStep } from '../../domain/run-step.ts';
import { settleStrategy } from '../../domain/stop/settle-strategy.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => settleStrategy(command, ports));
