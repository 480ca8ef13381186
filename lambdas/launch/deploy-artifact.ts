import { ports } from '../../adapters/aws/ports.ts';
import { deployArtifact } from '../../domain/launch/deploy-artifact.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => deployArtifact(command, ports));
