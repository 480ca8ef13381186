import { ports } from '../../adapters/aws/ports.ts';
import { askForTwoSignatures } from '../../domain/recover/ask-for-two-signatures.ts';
import { WaitingStep } from '../../domain/waiting-step.ts';
import { step } from '../step.ts';

export const handler = step(WaitingStep, (command) => askForTwoSignatures(command, ports));
