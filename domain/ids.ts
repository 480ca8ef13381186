import * as z from 'zod';

const LOGS_OF_NO_STRATEGY = ['access', 'desk'];

/** A strategy under control, e.g. `btc-momentum`. At most 40 characters, so that execution names fit Step Functions' 80; its log has its name. */
export const StrategyId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a strategy id is 1 to 40 of a-z, 0-9 and -, starting with a letter')
  .refine((id) => !LOGS_OF_NO_STRATEGY.includes(id), 'access and desk are logs of their own, not strategies')
  .brand<'StrategyId'>();
export type StrategyId = z.infer<typeof StrategyId>;

/** One execution of a machine, and the name of that execution: `<machine>-<strategy>-<yyyymmdd>-<short id>`. */
export const RunId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,80}$/)
  .brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** Who acts: the subject id of a verified token, or a service (`service:<name>`). Never a person's name. */
export const ActorId = z.string().min(1).max(128).brand<'ActorId'>();
export type ActorId = z.infer<typeof ActorId>;

/** SHA-256 of exact bytes or of a canonical document: `sha256:` and 64 hex digits. */
export const Digest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'a digest is sha256: and 64 lower-case hex digits')
  .brand<'Digest'>();
export type Digest = z.infer<typeof Digest>;

/** A question to people (two confirmations, a flip, a kill's confirmer). People and URLs only ever see this id, never a task token. */
export const ApprovalId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,100}$/)
  .brand<'ApprovalId'>();
export type ApprovalId = z.infer<typeof ApprovalId>;

/** The caller's key for one intended command (RFC draft Idempotency-Key): 8 to 128 visible characters. */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,128}$/, 'an Idempotency-Key is 8 to 128 visible ASCII characters')
  .brand<'IdempotencyKey'>();
export type IdempotencyKey = z.infer<typeof IdempotencyKey>;
