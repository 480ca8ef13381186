import type { Override } from './override.ts';

/** What both sign of an override: everything but the question itself. */
export const overrideTerms = ({ approval: _question, ...terms }: Override): Record<string, unknown> => terms;
