import { ports } from '../../adapters/aws/ports.ts';
import { closeIncident } from '../../domain/venue-incident/close-incident.ts';
import { VenueStep } from '../../domain/venue-incident/venue-step.ts';
import { step } from '../step.ts';

export const handler = step(VenueStep, (command) => closeIncident(command, ports));
