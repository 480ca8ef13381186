import * as z from 'zod';
import { TRADING_MODES } from './engine-state.ts';

const base = z.object({
  strategyId: z.string().min(1).max(40),
  epoch: z.int().min(0),
  commandId: z.string().min(1).max(200),
});
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 lower-case hex digits');
const rate = z.number().min(0).max(1_000_000);

/** The bodies of the commands (docs/engine-contract.md, Commands). Members that an engine does not know are ignored. */
export const Halt = base.extend({ reason: z.string().default('not given') });
export const Arm = base.extend({
  runId: z.string().min(1).max(80),
  artifactDigest: digest,
  limitsDigest: digest,
  maxOrdersPerSec: rate,
});
export const SetMode = base.extend({
  mode: z.enum(TRADING_MODES),
  leave: z
    .array(z.object({ venue: z.string().min(1).max(40), orderId: z.string().min(1).max(100) }))
    .max(1_000)
    .optional(),
});
export const Throttle = base.extend({ maxOrdersPerSec: rate });
export const CancelAll = base;
export const Deploy = base.extend({ artifactDigest: digest, parameters: z.unknown(), limits: z.unknown() });
export const Smoke = base.extend({
  runId: z.string().min(1).max(80),
  windowMinutes: z.int().min(1).max(1440).default(15),
});
export const Settle = base;
export const Probe = base.extend({
  runId: z.string().min(1).max(80),
  kind: z.enum(['order', 'lose-lease']),
  /** Where the probe order goes: one to each. */
  venues: z.array(z.string().min(1).max(40)).max(100).default([]),
});

export type Command = z.infer<typeof base>;
export type Halt = z.infer<typeof Halt>;
export type Arm = z.infer<typeof Arm>;
export type SetMode = z.infer<typeof SetMode>;
export type Throttle = z.infer<typeof Throttle>;
export type Deploy = z.infer<typeof Deploy>;
export type Smoke = z.infer<typeof Smoke>;
export type Probe = z.infer<typeof Probe>;
