import { ports } from '../../adapters/aws/ports.ts';
import { throttleStrategy } from '../../domain/venue-incident/throttle-strategy.ts';
import { VenueStep } from '../../domain/venue-incident/venue-step.ts';
import { step } from '../step.ts';

export const handler = step(VenueStep, (command) => throttleStrategy(command, ports));
