import * as z from 'zod';

/** Who watches: one invocation at a time. Taken over, and renewed at each tick, by its version alone, so that no clock decides. */
export const WatchRecord = z.object({
  id: z.literal('watchdog'),
  /** The invocation that holds it, and how many have held it so far. */
  holder: z.string().min(1),
  term: z.int().min(1),
  /** The time of the newest tick, and how many there were in this term. */
  at: z.iso.datetime(),
  ticks: z.int().min(0),
  version: z.int().min(1),
});
export type WatchRecord = z.infer<typeof WatchRecord>;
