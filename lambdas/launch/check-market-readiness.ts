import { ports } from '../../adapters/aws/ports.ts';
import { marketReadinessGate } from '../../domain/launch/market-readiness-gate.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => marketReadinessGate(command, ports));
