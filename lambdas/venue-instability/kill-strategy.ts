import { serviceKeyPorts } from '../../adapters/aws/service-key-ports.ts';
import { KillUnstable, killUnstable } from '../../domain/venue-incident/kill-unstable.ts';
import { step } from '../step.ts';

export const handler = step(KillUnstable, (command) => killUnstable(command, serviceKeyPorts));
