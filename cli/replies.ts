import * as z from 'zod';

/** Replies of the HTTP API as far as the commands read them; members they do not know are kept and printed by `--output jsonl`. */
const time = z.string();
const Receipt = z.looseObject({ log: z.string(), index: z.int(), leafHash: z.string() });

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
export const StopAccepted = LaunchAccepted.extend({ runId: z.string().nullable() });
export const Settled = z.looseObject({ settlement: z.unknown(), summary: z.string(), receipt: Receipt });

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
});
export type Approval = z.infer<typeof Approval>;
export const Approvals = z.looseObject({ approvals: z.array(Approval) });
export const Signed = z.looseObject({ approval: Approval, summary: z.string(), receipt: Receipt });

const Lease = z.looseObject({
  instanceId: z.string(),
  expiresAt: time.nullish(),
  ageMs: z.number(),
  mode: z.string(),
  openOrders: z.number().nullish(),
  pnl: z.looseObject({ realised: z.number(), unrealised: z.number(), currency: z.string() }).nullish(),
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
});
export type StrategyView = z.infer<typeof StrategyView>;
export const Strategies = z.looseObject({ strategies: z.array(StrategyView) });

export const Finding = z.looseObject({
  check: z.string(),
  verdict: z.string(),
  expected: z.unknown(),
  actual: z.unknown(),
});
export type Finding = z.infer<typeof Finding>;

const Failure = z.looseObject({ code: z.string(), message: z.string(), findings: z.array(Finding).nullish() });

export const Run = z.looseObject({
  id: z.string(),
  machine: z.enum(['launch', 'stop', 'kill']),
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

export const Deliveries = z.looseObject({
  deliveries: z.array(
    z.looseObject({
      id: z.string(),
      trigger: z.string(),
      audience: z.union([z.string(), z.array(z.string())]),
      channel: z.string(),
      text: z.string(),
      at: time,
      strategyId: z.string().nullish(),
      status: z.string(),
    }),
  ),
});

export const Health = z.looseObject({
  status: z.enum(['ok', 'degraded']),
  checks: z.array(z.looseObject({ check: z.string(), status: z.string(), detail: z.string().nullish() })),
});

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

export const IncidentUpdated = z.looseObject({ runId: z.string(), expectedRecovery: time, summary: z.string() });
