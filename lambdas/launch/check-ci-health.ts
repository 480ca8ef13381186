import { gatePorts } from '../../adapters/aws/gate-ports.ts';
import { ciHealthGate } from '../../domain/launch/ci-health-gate.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => ciHealthGate(command, gatePorts));
