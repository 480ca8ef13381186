import { checkpointPorts } from '../../adapters/aws/checkpoint-ports.ts';
import { CheckpointDue, checkpointLogs } from '../../domain/ledger/checkpoint-logs.ts';
import { step } from '../step.ts';

export const handler = step(CheckpointDue, (due) => checkpointLogs(due, checkpointPorts));
