import { ports } from '../../adapters/aws/ports.ts';
import { endReview } from '../../domain/review/end-review.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => endReview(command, ports));
