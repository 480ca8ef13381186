import * as z from 'zod';
import { ports } from '../../adapters/aws/ports.ts';
import { healthTick } from '../../domain/health-tick.ts';
import { step } from '../step.ts';

export const handler = step(z.unknown(), () => healthTick(ports));
