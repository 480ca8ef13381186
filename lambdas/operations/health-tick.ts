import { ports } from '../../adapters/aws/ports.ts';
import * as z from 'zod';
import { healthTick } from '../../domain/health-tick.ts';
import { step } from '../step.ts';

export const handler = step(z.unknown(), () => healthTick(ports));
