import { ports } from '../../adapters/aws/ports.ts';
import { riskEnvelopeGate } from '../../domain/launch/risk-envelope-gate.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => riskEnvelopeGate(command, ports));
