import { ports } from '../../adapters/aws/ports.ts';
import { decideGoNoGo } from '../../domain/launch/decide-go-no-go.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => decideGoNoGo(command, ports));
