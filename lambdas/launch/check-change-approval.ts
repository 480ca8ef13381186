import { gatePorts } from '../../adapters/aws/gate-ports.ts';
import { changeApprovalGate } from '../../domain/launch/change-approval-gate.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => changeApprovalGate(command, gatePorts));
