import { resumptionPorts } from '../../adapters/aws/resumption-ports.ts';
import { decideResumption } from '../../domain/resume/decide-resumption.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => decideResumption(command, resumptionPorts));
