import { ports } from '../../adapters/aws/ports.ts';
import { ExecutionStatusChange, followExecution } from '../../domain/follow-execution.ts';
import { step } from '../step.ts';

export const handler = step(ExecutionStatusChange, (event) => followExecution(event, ports));
