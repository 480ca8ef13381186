import { ports } from '../../adapters/aws/ports.ts';
import { askForConfirmer } from '../../domain/kill/ask-for-confirmer.ts';
import { WaitingStep } from '../../domain/waiting-step.ts';
import { step } from '../step.ts';

export const handler = step(WaitingStep, (command) => askForConfirmer(command, ports));
