import * as z from 'zod';
import { ActorId, RunId, StrategyId } from '../ids.ts';
import type { ExposureLook, ExposurePoint } from './exposure-look.ts';

const time = z.iso.datetime();
const text = z.string();

/** The data incident that a market data outage opens (runbook 5.2.2, 5.2.3). Its file in the evidence bucket is written from it. */
export const DataIncident = z.object({
  id: text.regex(/^[0-9A-Za-z_-]{1,100}$/),
  strategyId: StrategyId,
  /** The run of safe mode that looks after it, and the trading run it happened in. */
  runId: RunId,
  tradingRun: RunId.optional(),
  status: z.enum(['open', 'stable', 'over']),
  reason: text,
  /** Who is to lead it. */
  owner: text,
  openedAt: time,
  /** `data_incident.md`, as it was opened. */
  file: z.object({ key: text, hash: text }),
  /** Since when every feed is heard again. */
  stableSince: time.optional(),
  endedAt: time.optional(),
  outcome: text.optional(),
  /** The newest look at what is exposed, and the course of it, oldest first. Nobody but ourselves writes them: every bundle carries this schema. */
  exposure: z.custom<ExposureLook>(),
  course: z.array(z.custom<ExposurePoint>()).max(60),
  looks: z.int().min(1),
  /** The resumption that was proposed, or why none was; `answer` once it has ended without one. */
  proposal: z
    .object({ at: time, runId: RunId.optional(), refused: text.optional(), answer: text.optional() })
    .optional(),
  notes: z.array(z.object({ at: time, by: ActorId, text: text.max(2000) })).max(200),
  version: z.int().min(1),
});
export type DataIncident = z.infer<typeof DataIncident>;
