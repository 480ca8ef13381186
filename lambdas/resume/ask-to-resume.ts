import { ports } from '../../adapters/aws/ports.ts';
import { AskToResume, askToResume } from '../../domain/resume/ask-to-resume.ts';
import { step } from '../step.ts';

export const handler = step(AskToResume, (command) => askToResume(command, ports));
