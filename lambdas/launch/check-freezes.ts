import { ports } from '../../adapters/aws/ports.ts';
import { freezesGate } from '../../domain/launch/freezes-gate.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => freezesGate(command, ports));
