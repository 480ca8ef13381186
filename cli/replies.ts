import * as z from 'zod';
import { Machine } from '../domain/machine.ts';

/** Replies of the HTTP API as far as the commands read them; members they do not know are kept and printed by `--output jsonl`. */
export const time = z.string();
export const Receipt = z.looseObject({ log: z.string(), index: z.int(), leafHash: z.string() });

export const Problem = z.looseObject({
  title: z.string().optional(),
  status: z.int().optional(),
  detail: z.string().optional(),
  code: z.string().optional(),
  next: z.string().optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
});
export type Problem = z.infer<typeof Problem>;

export const LaunchAccepted = z.looseObject({
  runId: z.string(),
  mode: z.string(),
  epoch: z.int(),
  summary: z.string(),
  receipt: Receipt,
});
/** A halt of the trading calendar, as somebody has just planned it or taken it back. */
export const HaltPlanned = z.looseObject({
  halt: z.looseObject({ id: z.string(), at: time, status: z.string() }),
  summary: z.string(),
  receipt: Receipt,
});
export const StopAccepted = LaunchAccepted.extend({ runId: z.string().nullable() });
const SettledLine = z.looseObject({
  what: z.string(),
  instrument: z.string().nullish(),
  venues: z.number(),
  engines: z.number(),
  difference: z.number(),
  same: z.boolean(),
});
export const Settled = z.looseObject({
  settlement: z
    .looseObject({
      verdict: z.string().optional(),
      compared: z.array(SettledLine).default([]),
      silent: z.array(z.looseObject({ source: z.string(), why: z.string() })).default([]),
    })
    .catch({ compared: [], silent: [] }),
  summary: z.string(),
  receipt: Receipt.optional(),
});

const KilledInstances = z.array(
  z.looseObject({
    instanceId: z.string(),
    status: z.string(),
    haltedAt: time.nullish(),
    detail: z.string().nullish(),
  }),
);

export const KillAccepted = z.looseObject({
  runId: z.string(),
  mode: z.string(),
  epoch: z.int().nullable(),
  status: z.enum(['halted', 'halting', 'lease-bounded']),
  latched: z.boolean(),
  spooled: z.boolean().default(false),
  instances: KilledInstances,
  leaseBoundMs: z.number(),
  summary: z.string(),
  wayBack: z.union([z.string(), z.array(z.string())]),
  receipt: Receipt.nullish(),
});
export type KillAccepted = z.infer<typeof KillAccepted>;

export const ScopeKillAccepted = z.looseObject({
  scope: z.string(),
  latched: z.boolean(),
  complete: z.boolean(),
  strategies: z.array(
    z.looseObject({
      strategyId: z.string(),
      status: KillAccepted.shape.status,
      latched: z.boolean(),
      spooled: z.boolean(),
      instances: KilledInstances,
      detail: z.string().nullish(),
    }),
  ),
  leaseBoundMs: z.number(),
  summary: z.string(),
  wayBack: z.string(),
  receipt: Receipt.nullish(),
});
export type ScopeKillAccepted = z.infer<typeof ScopeKillAccepted>;

export const Approval = z.looseObject({
  id: z.string(),
  kind: z.string(),
  strategyId: z.string(),
  runId: z.string(),
  epoch: z.int(),
  document: z.record(z.string(), z.unknown()),
  digest: z.string(),
  requiredRoles: z.array(z.string()),
  signatures: z.array(
    z.looseObject({ actor: z.string(), role: z.string(), decision: z.enum(['approve', 'decline']), at: time }),
  ),
  status: z.enum(['open', 'complete', 'declined', 'expired', 'void']),
  openedAt: time,
  expiresAt: time,
  /** Whether it still may be signed or relied on, and what has changed of what it binds; where somebody has looked. */
  stands: z.boolean().nullish(),
  changed: z.array(z.looseObject({ path: z.string(), approved: z.string(), now: z.string() })).nullish(),
});
export type Approval = z.infer<typeof Approval>;
export const Approvals = z.looseObject({ approvals: z.array(Approval) });
export const Signed = z.looseObject({ approval: Approval, summary: z.string(), receipt: Receipt });

export const Finding = z.looseObject({
  check: z.string(),
  verdict: z.string(),
  expected: z.unknown(),
  actual: z.unknown(),
});
export type Finding = z.infer<typeof Finding>;

const Difference = z.looseObject({ path: z.string(), approved: z.string(), now: z.string() });
export type Difference = z.infer<typeof Difference>;

/** What a gate found; `findings` where they are told. */
export const JudgedGate = z.looseObject({
  gate: z.string(),
  verdict: z.string(),
  summary: z.string(),
  findings: z.array(Finding).nullish(),
});
export type JudgedGate = z.infer<typeof JudgedGate>;

/** A plan, as far as it is shown; the whole of it is what its digest is about. */
export const Plan = z.looseObject({
  ...{ strategy: z.string(), environment: z.string(), desk: z.string(), ticket: z.string(), commit: z.string() },
  ...{ artifactDigest: z.string(), limitsDigest: z.string(), parametersDigest: z.string() },
  limits: z.looseObject({
    currency: z.string(),
    instruments: z.record(z.string(), z.looseObject({ maxNotional: z.number(), maxPosition: z.number() })),
    leverageCap: z.number(),
  }),
  parameters: z.record(z.string(), z.unknown()),
  manifest: z.looseObject({ signers: z.array(z.string()), expiresAt: time }),
  venues: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
  engines: z.array(z.string()),
  maxOrdersPerSec: z.number(),
  overrides: z.array(z.looseObject({ id: z.string(), checks: z.array(z.string()) })),
  told: z.array(z.looseObject({ when: z.string(), audience: z.array(z.string()), channels: z.array(z.string()) })),
  locked: z.array(z.string()),
  blastRadius: z.looseObject({
    venues: z.looseObject({ live: z.array(z.string()) }),
    notional: z.looseObject({ currency: z.string(), total: z.number(), killedAt: z.number() }),
    ordersPerSec: z.looseObject({ total: z.number() }),
    killScopes: z.array(z.string()),
  }),
});
export type Plan = z.infer<typeof Plan>;

const AroundAPlan = {
  alsoLive: z.array(z.looseObject({ strategy: z.string(), mode: z.string() })),
  since: z.looseObject({ run: z.string(), count: z.int(), differences: z.array(Difference) }).nullable(),
};

export const ShownPlan = z.looseObject({
  plan: Plan.nullable(),
  planDigest: z.string().nullable(),
  refused: z.looseObject({ message: z.string() }).nullish(),
  verdict: z.string(),
  gates: z.array(JudgedGate),
  ...AroundAPlan,
});
export type ShownPlan = z.infer<typeof ShownPlan>;

/** The document of a launch's confirmation: the plan, and what was to be seen around it. */
export const LaunchDocument = z.looseObject({
  plan: Plan,
  planDigest: z.string(),
  gates: z.array(JudgedGate),
  ...AroundAPlan,
});

/** What an authenticator is asked with, and on which page. */
export const SigningOptions = z.looseObject({
  origin: z.string(),
  options: z.looseObject({ challenge: z.string(), rpId: z.string() }),
});
/** The same for several documents that are signed together, until when. */
export const SeveralOptions = SigningOptions.extend({ expiresAt: time });
/** What became of each of them. */
export const SeveralSigned = z.looseObject({
  summary: z.string(),
  items: z.array(
    z.looseObject({
      approval: z.string(),
      status: z.string().nullish(),
      refusal: z.looseObject({ code: z.string(), detail: z.string(), next: z.string() }).nullish(),
    }),
  ),
});
export type SeveralSigned = z.infer<typeof SeveralSigned>;
/** A page to sign on, once, and for whom it is. */
export const SigningPage = z.looseObject({
  session: z.string(),
  subject: z.string(),
  url: z.string(),
  expiresAt: time,
});
export type SigningPage = z.infer<typeof SigningPage>;

export const Credential = z.looseObject({
  id: z.string(),
  subject: z.string(),
  authenticator: z.string(),
  status: z.string(),
  label: z.string(),
  enrolledAt: time,
  approval: z.looseObject({ document: z.record(z.string(), z.unknown()), digest: z.string() }).optional(),
});
export type Credential = z.infer<typeof Credential>;
export const Credentials = z.looseObject({ credentials: z.array(Credential) });
export const CredentialChanged = z.looseObject({ credential: Credential, summary: z.string() });

const Lease = z.looseObject({
  instanceId: z.string(),
  expiresAt: time.nullish(),
  ageMs: z.number(),
  mode: z.string(),
  openOrders: z.number().nullish(),
  pnl: z.looseObject({ realised: z.number(), unrealised: z.number(), currency: z.string() }).nullish(),
});

/** How far a stop has drained, from its last look. */
const Drain = z.looseObject({
  until: time,
  policy: z.string(),
  engines: z.array(z.looseObject({ instance: z.string(), open: z.int().nullable(), leaseUntil: time.nullish() })),
  venues: z.array(
    z.looseObject({
      venue: z.string(),
      open: z.int().nullable(),
      closesAt: time.nullish(),
      noCancel: z.looseObject({ name: z.string(), from: time, to: time }).nullish(),
    }),
  ),
});

export const StrategyView = z.looseObject({
  id: z.string(),
  desk: z.string(),
  environment: z.string(),
  mode: z.string(),
  epoch: z.int(),
  tradingAllowed: z.boolean(),
  whyNot: z.array(z.string()),
  flag: z.looseObject({ live: z.boolean().nullable(), version: z.unknown() }),
  run: z.looseObject({ id: z.string() }).nullish(),
  latch: z.looseObject({ reason: z.string() }).nullish(),
  maxOrdersPerSec: z.number(),
  restriction: z
    .looseObject({
      mode: z.string(),
      approvedOrdersPerSec: z.number(),
      causes: z.array(z.looseObject({ reason: z.string(), by: z.string(), at: time, until: time.nullish() })),
      effect: z.array(z.looseObject({ instanceId: z.string(), inForce: z.boolean() })),
    })
    .nullish(),
  leases: z.array(Lease),
  openApprovals: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      missingRoles: z.array(z.string()),
      digest: z.string(),
      expiresAt: time,
    }),
  ),
  ledger: z.looseObject({ size: z.int(), root: z.string() }),
  drain: Drain.nullish(),
  ordersLeft: z.array(z.looseObject({ venue: z.string(), orderId: z.string(), instrument: z.string() })).nullish(),
  plannedHalts: z.array(z.looseObject({ id: z.string(), at: time, status: z.string() })).nullish(),
});
export type StrategyView = z.infer<typeof StrategyView>;
export const Strategies = z.looseObject({ strategies: z.array(StrategyView) });

const Failure = z.looseObject({
  code: z.string(),
  message: z.string(),
  next: z.string().nullish(),
  findings: z.array(Finding).nullish(),
});

export const Run = z.looseObject({
  id: z.string(),
  machine: Machine,
  strategyId: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  startedAt: time,
  endedAt: time.nullish(),
  ticket: z.string().nullish(),
  requestedBy: z.string().nullish(),
  summary: z.string().nullish(),
  failure: Failure.nullish(),
});
export type Run = z.infer<typeof Run>;
export const Runs = z.looseObject({ runs: z.array(Run) });

export const RunStep = z.looseObject({
  name: z.string(),
  status: z.enum(['running', 'succeeded', 'failed']),
  startedAt: time,
  endedAt: time.nullish(),
  durationMs: z.number().nullish(),
  summary: z.string().nullish(),
});
export type RunStep = z.infer<typeof RunStep>;
export const RunDetail = Run.extend({ steps: z.array(RunStep) });
export type RunDetail = z.infer<typeof RunDetail>;

const Execution = z.looseObject({
  name: z.string(),
  machine: z.string(),
  status: z.string(),
  startedAt: time,
  endedAt: time.nullish(),
});
export const Executions = z.looseObject({ executions: z.array(Execution) });
const value = z.number().nullable();
const SmokeInstance = z.looseObject({
  instanceId: z.string(),
  problem: z.looseObject({ message: z.string() }).nullable(),
  window: z.looseObject({ from: time, to: time, spanMinutes: z.number(), ageHours: z.number() }).nullable(),
  artifactDigest: z.string().nullable(),
  bands: z.array(
    z.looseObject({
      ...{ band: z.string(), unit: z.string(), verdict: z.enum(['passed', 'failed', 'inconclusive']) },
      ...{ measured: value, min: value, max: value, lastGood: value, difference: value },
    }),
  ),
});
/** `smoke.json` of a run, and where it stands. */
export const SmokeReport = z.looseObject({
  ...{ run: z.string(), mode: z.string(), verdict: z.string(), windowMinutes: z.number() },
  ...{ key: z.string(), hash: z.string() },
  lastGood: z.looseObject({ run: z.string(), at: time }).nullable(),
  instances: z.array(SmokeInstance),
});
export type SmokeReport = z.infer<typeof SmokeReport>;

export const HistoryPage = z.looseObject({
  events: z.array(z.looseObject({ id: z.int(), type: z.string(), at: time.optional(), state: z.string().nullish() })),
  nextToken: z.string().nullish(),
});
export type HistoryPage = z.infer<typeof HistoryPage>;

export const LedgerPage = z.looseObject({
  log: z.string(),
  size: z.int(),
  root: z.string(),
  entries: z.array(z.looseObject({ index: z.int(), leafHash: z.string(), entry: z.record(z.string(), z.unknown()) })),
  next: z.union([z.string(), z.number()]).nullish(),
});
export type LedgerPage = z.infer<typeof LedgerPage>;

/** The keys that sign checkpoints, oldest first, each as it is written down. */
export const CheckpointKeys = z.looseObject({ keys: z.array(z.string()) });

const Proof = z.looseObject({ checkpoint: z.string(), size: z.int(), hashes: z.array(z.string()) });
export const ConsistencyProof = Proof;
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;
export const InclusionProof = Proof.extend({ leafHash: z.string() });
export type InclusionProof = z.infer<typeof InclusionProof>;

export const Checkpoints = z.looseObject({
  checkpoints: z.array(z.looseObject({ size: z.int(), note: z.string() })),
  next: z.number().nullish(),
});
export type Checkpoints = z.infer<typeof Checkpoints>;

/** `kill_events.jsonl`: a kill that was requested, or confirmed by a second person. */
export const KillEvents = z.looseObject({
  events: z.array(
    z.looseObject({
      at: z.string(),
      event: z.string(),
      strategy: z.string(),
      initiator: z.string().nullish(),
      confirmer: z.string().nullish(),
      reason: z.string().nullish(),
    }),
  ),
});

/** A kill certificate as it was filed; `record.hash` is the digest that the ledger names. */
export const KillCertificate = z.looseObject({
  run: z.string(),
  record: z.looseObject({ key: z.string(), hash: z.string() }),
  certificate: z.looseObject({ strategy: z.string(), run: z.string() }),
  page: z.string(),
});

/** What a post-mortem is drafted from. */
export const DraftedFrom = z.looseObject({
  record: z.looseObject({ hash: z.string() }),
  certificate: z.looseObject({
    strategy: z.string(),
    exposure: z.looseObject({
      residual: z.union([
        z.string(),
        z.looseObject({
          venues: z.array(
            z.looseObject({
              source: z.string(),
              positions: z.array(z.looseObject({ instrument: z.string(), quantity: z.number() })).nullish(),
              unknown: z.string().nullish(),
            }),
          ),
        }),
      ]),
    }),
  }),
});
export type DraftedFrom = z.infer<typeof DraftedFrom>;
export const PostMortemSubmitted = z.looseObject({
  runId: z.string(),
  version: z.int(),
  file: z.string(),
  digest: z.string(),
  approval: z.string(),
  summary: z.string(),
});
export const PostMortemView = z.looseObject({ signedOff: z.boolean(), page: z.string() });
export const ScopeRecovered = z.looseObject({
  scope: z.string(),
  status: z.enum(['asked', 'lifted']),
  approval: z.string(),
  summary: z.string(),
});
export const ActionCompleted = z.looseObject({ blockingLeft: z.int(), summary: z.string() });

export const IncidentUpdated = z.looseObject({ runId: z.string(), expectedRecovery: time, summary: z.string() });

export const DrillOpened = z.looseObject({
  runId: z.string(),
  killKey: z.string(),
  reason: z.string(),
  expiresAt: time,
  summary: z.string(),
});
export type DrillOpened = z.infer<typeof DrillOpened>;

const DrillVerdict = z.enum(['passed', 'failed', 'pending']);
const DrillRecord = z.looseObject({
  id: z.string(),
  strategyId: z.string(),
  openedBy: z.string(),
  at: time,
  verdict: DrillVerdict.nullish(),
});
const DrillPhase = z.looseObject({
  phase: z.string(),
  ms: z.number().nullable(),
  budgetMs: z.number(),
  goalMs: z.number().nullable(),
  verdict: DrillVerdict,
  says: z.string(),
});
export type DrillPhase = z.infer<typeof DrillPhase>;

/** A drill as far as it is known; `record` once its score is filed. */
export const DrillView = z.looseObject({
  drill: DrillRecord,
  score: z.looseObject({ verdict: DrillVerdict, decidedAt: time.nullable(), phases: z.array(DrillPhase) }),
  record: z.looseObject({ key: z.string(), hash: z.string() }).nullable(),
});
export type DrillView = z.infer<typeof DrillView>;
export const Drills = z.looseObject({ drills: z.array(DrillRecord) });

/** Where an engine takes its commands, and which scopes cover it. */
const Engine = z.looseObject({
  strategyId: z.string(),
  instanceId: z.string(),
  controlUrl: z.string(),
  scopes: z.array(z.string()),
});
export type Engine = z.infer<typeof Engine>;
export const Engines = z.looseObject({ engines: z.array(Engine) });

/** The key of a machine or a button that may kill. */
const Device = z.looseObject({
  id: z.string(),
  status: z.enum(['proposed', 'active', 'revoked']),
  label: z.string(),
  subject: z.string().nullish(),
  enrolledBy: z.string(),
  enrolledAt: time,
  approvedBy: z.string().nullish(),
  publicKey: z.string(),
});
export const Devices = z.looseObject({ devices: z.array(Device) });
export const DeviceChanged = z.looseObject({ device: Device, summary: z.string(), receipt: Receipt.nullish() });

/** A deployment ticket of our own. */
export const Ticket = z.looseObject({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  strategy: z.string(),
  environment: z.string(),
  openedBy: z.string(),
  openedAt: time,
  approvals: z.array(z.looseObject({ by: z.string(), role: z.string(), at: time })),
  endedBy: z.string().nullish(),
  endedAt: time.nullish(),
  reason: z.string().nullish(),
  links: z.array(z.looseObject({ run: z.string(), key: z.string(), digest: z.string() })).nullish(),
});
export const Tickets = z.looseObject({ tickets: z.array(Ticket) });
export const TicketChanged = z.looseObject({ ticket: Ticket, summary: z.string(), receipt: Receipt.nullish() });

export const ManifestPublished = z.looseObject({
  key: z.string(),
  digest: z.string(),
  replaces: z.string().nullish(),
  signers: z.array(z.string()),
  summary: z.string(),
  receipt: Receipt.nullish(),
});

const LimitsCell = z.union([z.string(), z.number(), z.null()]);
const LimitsDifference = z.looseObject({ path: z.string(), values: z.record(z.string(), LimitsCell) });
/** The limits of a strategy wherever they are told; `limits` is missing where only a digest is known. */
export const LimitsView = z.looseObject({
  strategyId: z.string(),
  file: z.looseObject({ key: z.string(), hash: z.string(), storedAt: time, problem: z.string().nullish() }).nullable(),
  columns: z.array(z.looseObject({ name: z.string(), digest: z.string().nullable(), limits: z.unknown().optional() })),
  silent: z.array(z.looseObject({ instanceId: z.string(), reason: z.string() })),
  differences: z.array(LimitsDifference),
  same: z.boolean(),
  change: z
    .looseObject({ proposed: z.looseObject({ approval: z.string(), by: z.string(), at: time }).nullish() })
    .nullable(),
});
export type LimitsView = z.infer<typeof LimitsView>;
export const LimitsChanged = z.looseObject({
  status: z.enum(['asked', 'applied', 'unchanged']),
  differences: z.array(LimitsDifference),
  approval: z.string().nullish(),
  summary: z.string(),
});
export type LimitsChanged = z.infer<typeof LimitsChanged>;

const Freeze = z.looseObject({
  id: z.string(),
  scope: z.string(),
  source: z.string(),
  reason: z.string(),
  by: z.string(),
  since: time,
  until: time.nullish(),
});
export const Freezes = z.looseObject({
  freezes: z.array(Freeze.extend({ overridable: z.boolean(), next: z.string() })),
});
export const FreezeSet = z.looseObject({ freeze: Freeze, summary: z.string(), receipt: Receipt.nullish() });
export const FreezeLifted = z.looseObject({
  status: z.enum(['asked', 'lifted']),
  approval: z.string(),
  summary: z.string(),
});

/** A strategy that is held back, with what every engine answered. */
export const StrategyRestricted = z.looseObject({
  summary: z.string(),
  approvedOrdersPerSec: z.number().nullable(),
  instances: z.array(
    z.looseObject({
      instanceId: z.string(),
      mode: z.string().nullish(),
      maxOrdersPerSec: z.number().nullish(),
      problem: z.string().nullish(),
    }),
  ),
});
export type StrategyRestricted = z.infer<typeof StrategyRestricted>;
export const RestrictionLifted = z.looseObject({
  status: z.enum(['asked', 'lifted']),
  approval: z.string(),
  summary: z.string(),
});

const Override = z.looseObject({
  id: z.string(),
  strategyId: z.string(),
  runId: z.string(),
  findings: z.array(z.looseObject({ check: z.string(), expected: z.string(), actual: z.string() })),
  reason: z.string(),
  expiresAt: time,
});
export const OverrideRequested = z.looseObject({ override: Override, approval: z.string(), summary: z.string() });
export const Overrides = z.looseObject({
  overrides: z.array(Override.extend({ status: z.string(), signers: z.array(z.string()) })),
});

/** A moment in UTC and on the clocks of a venue. */
const LocalMoment = z.looseObject({ utc: time, local: z.string() });
const Halt = z.looseObject({
  id: z.string(),
  instrument: z.string().nullish(),
  reason: z.string(),
  since: time,
  until: time.nullish(),
  by: z.string(),
  endedAt: time.nullish(),
});

/** Planned halts of strategies: to come, under way, and over. */
export const TradingCalendar = z.looseObject({
  halts: z.array(
    z.looseObject({
      id: z.string(),
      strategy: z.string(),
      status: z.string(),
      at: z.looseObject({ utc: time, local: z.string().nullish() }),
      asked: z.string().nullish(),
      reason: z.string().nullish(),
      ticket: z.string().nullish(),
      run: z.string().nullish(),
    }),
  ),
});

/** A place where strategies trade. */
export const Venue = z.looseObject({
  mic: z.string(),
  name: z.string(),
  timeZone: z.string(),
  covers: z.looseObject({ from: z.string(), to: z.string() }),
  digest: z.string(),
  state: z.string(),
  closedFor: z.string().nullish(),
  opensAt: LocalMoment.nullish(),
  closesAt: LocalMoment.nullish(),
  halts: z.array(Halt),
});
export const Venues = z.looseObject({ venues: z.array(Venue) });
export const VenueDetails = Venue.extend({
  sources: z.array(z.looseObject({ years: z.string(), basis: z.string(), from: z.string() })),
  sessions: z.array(z.looseObject({ tradingDate: z.string(), opensAt: LocalMoment, closesAt: LocalMoment })),
  holidays: z.array(z.looseObject({ date: z.string(), name: z.string() })),
  earlyCloses: z.array(z.looseObject({ date: z.string(), close: z.string(), name: z.string() })),
  maintenance: z.array(
    z.looseObject({
      name: z.string(),
      from: z.string(),
      to: z.string(),
      days: z.array(z.string()).optional(),
      date: z.string().optional(),
    }),
  ),
  noCancel: z
    .array(z.looseObject({ name: z.string(), from: z.string(), to: z.string(), days: z.array(z.string()) }))
    .nullish(),
  pastHalts: z.array(Halt),
});
export const HaltChanged = z.looseObject({
  mic: z.string(),
  halt: Halt,
  summary: z.string(),
  receipt: Receipt.nullish(),
});
