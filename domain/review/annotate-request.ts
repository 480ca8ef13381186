import * as z from 'zod';
import { noteText } from './note-text.ts';

/** 64 kB of text at most (runbook 7.1: "annotated summary"). */
export const MOST_ANNOTATION_BYTES = 65_536;

export const AnnotateRequest = z.strictObject({ text: noteText(MOST_ANNOTATION_BYTES) });
export type AnnotateRequest = z.infer<typeof AnnotateRequest>;
