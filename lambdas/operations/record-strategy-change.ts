import { governancePorts } from '../../adapters/aws/governance-ports.ts';
import { ChangeEvent, recordChange } from '../../domain/governance/record-change.ts';
import { step } from '../step.ts';

export const handler = step(ChangeEvent, (event) => recordChange(event, governancePorts));
