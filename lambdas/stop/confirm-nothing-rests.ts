import { ports } from '../../adapters/aws/ports.ts';
import { confirmNothingRests } from '../../domain/stop/confirm-nothing-rests.ts';
import { StopStep } from '../../domain/stop/stop-step.ts';
import { step } from '../step.ts';

export const handler = step(StopStep, (command) => confirmNothingRests(command, ports));
