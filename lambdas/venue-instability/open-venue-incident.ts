import { ports } from '../../adapters/aws/ports.ts';
import { fileOpening } from '../../domain/venue-incident/file-opening.ts';
import { VenueStep } from '../../domain/venue-incident/venue-step.ts';
import { step } from '../step.ts';

export const handler = step(VenueStep, (command) => fileOpening(command, ports));
