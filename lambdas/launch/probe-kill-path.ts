import { ports } from '../../adapters/aws/ports.ts';
import { probeKillPath } from '../../domain/launch/probe-kill-path.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => probeKillPath(command, ports));
