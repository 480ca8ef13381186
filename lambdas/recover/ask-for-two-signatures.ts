import { ports } from '../../adapters/aws/ports.ts';
import { WaitingStep } from '../../domain/launch/ask-for-two-confirmations.ts';
import { askForTwoSignatures } from '../../domain/recover/ask-for-two-signatures.ts';
import { step } from '../step.ts';

export const handler = step(WaitingStep, (command) => askForTwoSignatures(command, ports));
