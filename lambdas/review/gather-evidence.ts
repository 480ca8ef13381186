import { ports } from '../../adapters/aws/ports.ts';
import { gatherEvidence } from '../../domain/review/gather-evidence.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => gatherEvidence(command, ports));
