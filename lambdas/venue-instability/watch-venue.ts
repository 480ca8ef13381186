import { ports } from '../../adapters/aws/ports.ts';
import { VenueStep } from '../../domain/venue-incident/venue-step.ts';
import { watchVenue } from '../../domain/venue-incident/watch-venue.ts';
import { step } from '../step.ts';

export const handler = step(VenueStep, (command) => watchVenue(command, ports));
