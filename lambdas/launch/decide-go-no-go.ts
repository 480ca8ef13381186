import { goNoGoPorts } from '../../adapters/aws/go-no-go-ports.ts';
import { decideGoNoGo } from '../../domain/launch/decide-go-no-go.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => decideGoNoGo(command, goNoGoPorts));
