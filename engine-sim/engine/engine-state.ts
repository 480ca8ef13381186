/** What an engine does now, from most to least. */
export const TRADING_MODES = ['ACTIVE', 'THROTTLED', 'REDUCE_ONLY', 'SAFE'] as const;
export type TradingMode = (typeof TRADING_MODES)[number];

/** A moment by both clocks, in milliseconds. `elapsed` only ever grows but may stand still while the machine sleeps; `wall` may jump. */
export type Instant = { readonly elapsed: number; readonly wall: number };

export type Halt = {
  readonly reason: string;
  /** The command that halted first, or `engine` where the instance did so itself. Told with each renewal. */
  readonly by: string;
  /** ISO, the engine's wall clock. */
  readonly at: string;
  /** Only an arm at this epoch or a higher one lifts the latch. */
  readonly armFrom: number;
};

export type Lease = {
  readonly mode: TradingMode;
  readonly maxOrdersPerSec: number;
  readonly epoch: number;
  /** When the request that earned it was SENT: it counts from there. */
  readonly sent: Instant;
  readonly ttlMs: number;
};

/** A push ahead of the lease: holds until a lease that was asked for later says otherwise. */
export type Ceiling<Value> = { readonly value: Value; readonly since: number };

/** What the deployment was, by digest (`sha256:<hex>`), with the two documents. */
export type Loaded = {
  readonly artifactDigest: string;
  readonly limitsDigest: string;
  readonly parametersDigest: string;
  readonly parameters: unknown;
  readonly limits: unknown;
};

/** A rehearsal of the halt before a launch (docs/engine-contract.md, Probe): which run, whether its probe order may rest, and whether a halt came. */
export type Probing = {
  readonly runId: string;
  /** Monotonic milliseconds until which a probe order may rest; null is not at all. */
  readonly until: number | null;
  /** A halt came since the run's first probe: no order of that run leaves any more. */
  readonly halted: boolean;
};

/** All that decides whether one instance may trade. Changes only through the rules beside this file. */
export type EngineState = {
  readonly epoch: number;
  /** The epoch it was armed for; null is disarmed. */
  readonly armedEpoch: number | null;
  /** The last arm that was obeyed: the same command never arms twice. */
  readonly armedBy: string | null;
  readonly armedRate: number;
  /** Monotonic milliseconds: only a lease that was asked for after the arm grants anything. */
  readonly armedSince: number;
  /** The epoch at which the instance, armed, lost its permission by itself: its lease ran out, or it was restarted. Told with each renewal. */
  readonly lapsedEpoch: number | null;
  readonly halt: Halt | null;
  readonly lease: Lease | null;
  readonly modeCeiling: Ceiling<TradingMode> | null;
  readonly rateCeiling: Ceiling<number> | null;
  readonly loaded: Loaded | null;
  readonly probing: Probing | null;
  /** Ids of orders that stay when what rests is cancelled: people have signed for them at the end of a stop. */
  readonly left: readonly string[];
};

/** A new instance: disarmed, at epoch 0, with nothing deployed. */
export const FRESH: EngineState = {
  epoch: 0,
  armedEpoch: null,
  armedBy: null,
  armedRate: 0,
  armedSince: 0,
  lapsedEpoch: null,
  halt: null,
  lease: null,
  modeCeiling: null,
  rateCeiling: null,
  loaded: null,
  probing: null,
  left: [],
};

/** The safer of two modes. */
export const safer = (left: TradingMode, right: TradingMode): TradingMode =>
  TRADING_MODES.indexOf(left) >= TRADING_MODES.indexOf(right) ? left : right;
