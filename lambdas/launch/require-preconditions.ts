import { ports } from '../../adapters/aws/ports.ts';
import { RequirePreconditions, requirePreconditions } from '../../domain/launch/require-preconditions.ts';
import { step } from '../step.ts';

export const handler = step(RequirePreconditions, (command) => requirePreconditions(command, ports));
