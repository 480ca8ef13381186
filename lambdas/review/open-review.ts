import { ports } from '../../adapters/aws/ports.ts';
import { openReview } from '../../domain/review/open-review.ts';
import { RunStep } from '../../domain/run-step.ts';
import { step } from '../step.ts';

export const handler = step(RunStep, (command) => openReview(command, ports));
