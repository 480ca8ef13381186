import { ports } from '../../adapters/aws/ports.ts';
import { askForTwoConfirmations, WaitingStep } from '../../domain/launch/ask-for-two-confirmations.ts';
import { step } from '../step.ts';

export const handler = step(WaitingStep, (command) => askForTwoConfirmations(command, ports));
