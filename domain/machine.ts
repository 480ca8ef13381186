import * as z from 'zod';

/** The state machines of the runbook, by the names of their files in statemachines/. */
export const Machine = z.enum([
  'launch',
  'stop',
  'kill',
  'recover',
  'resume',
  'validate',
  'review',
  'safe-mode',
  'venue-instability',
]);
export type Machine = z.infer<typeof Machine>;
