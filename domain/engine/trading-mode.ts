import * as z from 'zod';

/** What an engine does at a moment. The other modes of a strategy (OFF, LAUNCHING, STOPPING, KILLED) mean SAFE to an engine. */
export const TradingMode = z.enum(['ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'SAFE']);
export type TradingMode = z.infer<typeof TradingMode>;
