import * as z from 'zod';
import { RunStep } from './run-step.ts';

/** A state that waits for people: its token stays in the approval's item. */
export const WaitingStep = RunStep.extend({ taskToken: z.string().min(1).max(2048) });
export type WaitingStep = z.infer<typeof WaitingStep>;
