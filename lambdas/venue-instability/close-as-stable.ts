import { ports } from '../../adapters/aws/ports.ts';
import { closeAsStable } from '../../domain/venue-incident/close-as-stable.ts';
import { VenueStep } from '../../domain/venue-incident/venue-step.ts';
import { step } from '../step.ts';

export const handler = step(VenueStep, (command) => closeAsStable(command, ports));
