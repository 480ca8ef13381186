import { serviceKeyPorts } from '../../adapters/aws/service-key-ports.ts';
import { KillUnverified, killUnverified } from '../../domain/safe-mode/kill-unverified.ts';
import { step } from '../step.ts';

export const handler = step(KillUnverified, (command) => killUnverified(command, serviceKeyPorts));
