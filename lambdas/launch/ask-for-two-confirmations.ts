import { ports } from '../../adapters/aws/ports.ts';
import { askForTwoConfirmations } from '../../domain/launch/ask-for-two-confirmations.ts';
import { WaitingStep } from '../../domain/waiting-step.ts';
import { step } from '../step.ts';

export const handler = step(WaitingStep, (command) => askForTwoConfirmations(command, ports));
