import { ports } from '../../adapters/aws/ports.ts';
import { AskForDrainSignOff, askForDrainSignOff } from '../../domain/stop/ask-for-drain-sign-off.ts';
import { step } from '../step.ts';

export const handler = step(AskForDrainSignOff, (command) => askForDrainSignOff(command, ports));
