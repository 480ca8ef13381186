import * as z from 'zod';
import { ports } from '../../adapters/aws/ports.ts';
import { registerStrategies } from '../../domain/register-strategies.ts';
import { Registrations } from '../../domain/registration.ts';
import { customResource } from '../custom-resource.ts';

export const handler = customResource(z.object({ Strategies: Registrations }), ({ Strategies }, requestId) =>
  registerStrategies(Strategies, requestId, ports),
);
