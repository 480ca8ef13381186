import { tickPorts } from '../../adapters/aws/tick-ports.ts';
import { HealthTick, healthTick } from '../../domain/health-tick.ts';
import { step } from '../step.ts';

export const handler = step(HealthTick, (tick) => healthTick(tick, tickPorts));
