import { governancePorts } from '../../adapters/aws/governance-ports.ts';
import { auditSignatures } from '../../domain/review/audit-signatures.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => auditSignatures(command, governancePorts));
