import { ports } from '../../adapters/aws/ports.ts';
import { ReleaseDeployment, releaseDeployment } from '../../domain/launch/release-deployment.ts';
import { step } from '../step.ts';

export const handler = step(ReleaseDeployment, (command) => releaseDeployment(command, ports));
