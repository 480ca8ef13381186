import * as z from 'zod';

const Moment = z.object({ strategyId: z.string(), at: z.number() });

/** What a watch saw of itself; `at` in milliseconds of the wall clock. */
export const WatchReport = z.object({
  /** From the renewal of the watch until every strategy was judged, the calls that read many items, and what of a processor it took since the look before. */
  ticks: z.array(z.object({ ms: z.number(), calls: z.int(), cpuMs: z.number() })),
  /** When the watch began to act, and when a change of a strategy's alerts was in the store. */
  deeds: z.array(Moment),
  recorded: z.array(Moment),
  faults: z.array(z.string()),
  /** Between two looks at the same strategy. */
  longestGapMs: z.number(),
  strategies: z.int(),
  /** Bytes of the process. */
  mostMemory: z.number(),
  metricBytes: z.number(),
});
export type WatchReport = z.infer<typeof WatchReport>;
