import { ports } from '../../adapters/aws/ports.ts';
import { AskForFlip, askForFlip } from '../../domain/launch/ask-for-flip.ts';
import { step } from '../step.ts';

export const handler = step(AskForFlip, (command) => askForFlip(command, ports));
