import { governancePorts } from '../../adapters/aws/governance-ports.ts';
import { publishStrategyChange } from '../../domain/launch/publish-strategy-change.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => publishStrategyChange(command, governancePorts));
