import { parse } from 'yaml';
import { readYaml } from '../../adapters/yaml/read-yaml.ts';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import type { GovernanceKey } from '../../domain/governance/governance-key.ts';
import { recordChange } from '../../domain/governance/record-change.ts';
import { STRATEGY_CHANGES } from '../../domain/governance/strategy-change.ts';
import { ActorId, RunId, StrategyId } from '../../domain/ids.ts';
import { manifestKey } from '../../domain/launch/change-manifest.ts';
import { ciAttestationKey } from '../../domain/launch/ci-attestation.ts';
import { parametersKey } from '../../domain/launch/read-approved-change.ts';
import { requestLaunch } from '../../domain/launch/request-launch.ts';
import { LIMITS_KEY } from '../../domain/launch/risk-limits.ts';
import { digestOf } from '../../domain/ledger/digest.ts';
import { readPlanNow } from '../../domain/plan/read-plan-now.ts';
import { showPlan } from '../../domain/plan/show-plan.ts';
import type { CiChecks } from '../../domain/ports/ci-checks.ts';
import type { Metrics } from '../../domain/ports/metrics.ts';
import type { Plans } from '../../domain/ports/plans.ts';
import type { Ports } from '../../domain/ports/ports.ts';
import type { Trackers } from '../../domain/ports/trackers.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Registration } from '../../domain/registration.ts';
import type { RunStep } from '../../domain/run-step.ts';
import { newStrategy } from '../../domain/strategy.ts';
import { Ticket } from '../../domain/ticket/ticket.ts';
import { shippedCalendar, storedCalendar } from './calendars.ts';
import { CHECKS, ciAttestation } from './ci-attestation.ts';
import { FakeEngines, FakeEvidence, FakeExecutions, FakeFlags, FakeVenues } from './fake-outside.ts';
import { FakeSpool } from './fake-spool.ts';
import { FakeStore } from './fake-store.ts';
import { FakeWebauthn } from './fake-webauthn.ts';
import { governanceKey, shippedDashboard } from './governance.ts';
import { shippedMatrix } from './shipped-matrix.ts';
import { shippedMonitors } from './shipped-monitors.ts';
import { COMMIT, newKey, signedManifest, trustedKey } from './signed-manifest.ts';

export const STRATEGY = StrategyId.parse('btc-momentum');
export const RUN = RunId.parse('launch-btc-momentum-20261124-0123456789ab');
export const START = new Date('2026-11-24T12:00:00.000Z');

export const LIMITS = {
  currency: 'USD',
  instruments: { 'BTC-PERP': { maxNotional: 100_000, maxPosition: 5 } },
  leverageCap: 3,
  maxOrdersPerSec: 4,
  killThresholds: { loss: 1000, drawdownBps: 300, notional: 200_000, leverage: 4 },
};
export const PARAMETERS = { window: 20, threshold: 1.5 };
export const ARTIFACT = digestOf('the artifact');
const TRADER_KEY = newKey();
const CI_KEY = newKey();
const TRUSTED = [
  trustedKey(TRADER_KEY.trusted),
  trustedKey(CI_KEY.trusted, { id: 'ci-2026', use: 'ci', holder: 'service:ci' }),
];

/** The deployment ticket that the manifest names: opened by one person and approved by another, neither of whom launches. */
const TICKET = Ticket.parse({
  ...{ id: 'TP-1', title: 'a shorter window', status: 'approved', strategy: STRATEGY, environment: 'prod' },
  ...{ openedBy: 'sub-quant', openedAt: '2026-11-01T00:00:00.000Z', version: 2 },
  approvals: [{ by: 'sub-sre', role: 'sre', at: '2026-11-01T01:00:00.000Z' }],
});

export const REGISTRATION: Registration = {
  id: STRATEGY,
  desk: 'crypto',
  environment: 'prod',
  venues: [{ id: 'XSIM', url: 'http://127.0.0.1:1/XSIM' }],
  primaryVenue: 'XSIM',
  leaseTtlMs: 5000,
  flag: { applicationId: 'app', environmentId: 'env', profileId: 'prof', deploymentStrategyId: 'strat' },
  engines: [
    {
      instanceId: 'btc-momentum-1',
      controlUrl: 'http://127.0.0.1:1/btc-momentum-1',
      clientId: 'client-btc-momentum-1',
    },
    {
      instanceId: 'btc-momentum-2',
      controlUrl: 'http://127.0.0.1:1/btc-momentum-2',
      clientId: 'client-btc-momentum-2',
    },
  ],
  policy: {
    maxOrdersPerSec: 5,
    drainSeconds: 120,
    drainPolicy: 'cancel',
    drainSignOffMinutes: 15,
    drainEscalationMinutes: 5,
    confirmationMinutes: 30,
    flipMinutes: 15,
    killConfirmationMinutes: 15,
    killRecoveryMinutes: 120,
    launchLeadMinutes: 120,
    overrideAuthorisers: ['sre', 'quant'],
    reviewHours: 72,
    bridgeUrl: 'https://bridge.example.com/crypto',
    smoke: {
      ...{ minOrders: 1, maxOrders: 100, maxNotional: 1000, maxPriceDistanceBps: 50, maxRejects: 0 },
      ...{ maxCancelRatio: 0.9, maxLatencyP95Ms: 120, soft: ['latency'] },
    },
    ...{ requiredChecks: [...CHECKS], ci: { source: 'attestation' as const }, ciMaxAgeHours: 168 },
  },
};

/** A person with a fresh second factor. */
export const person = (name: string, role: Role, authTime = START): Caller => ({
  subject: ActorId.parse(`sub-${name}`),
  roles: [role],
  scopes: ['control-plane/read', 'control-plane/operate', 'control-plane/kill'],
  acr: 'urn:cognito:loa:2',
  amr: ['pwd', 'otp'],
  authTime: authTime.getTime(),
});

export const trader = person('trader', 'execution-trader');
export const risk = person('risk', 'risk-officer');

/** One registered strategy with everything approved, a clock that a test moves, and every port a fake that can be looked into. */
export function world() {
  const store = new FakeStore();
  const outside = {
    engines: new FakeEngines(),
    venues: new FakeVenues(),
    flags: new FakeFlags(),
    executions: new FakeExecutions(),
    evidence: new FakeEvidence(),
    spool: new FakeSpool(),
  };
  const clock = { now: START };
  const events: { detailType: string; detail: unknown }[] = [];
  const alarms: string[] = [];
  const limitsFile = { version: 1, strategies: { [STRATEGY]: LIMITS } };
  const approved = {
    strategyId: STRATEGY,
    artifact: ARTIFACT,
    parameters: digestOf(PARAMETERS),
    limits: digestOf(LIMITS),
  };
  outside.engines.attested = {
    artifactDigest: ARTIFACT,
    limitsDigest: digestOf(LIMITS),
    parametersDigest: digestOf(PARAMETERS),
  };
  const files = outside.evidence.files;
  files.set(manifestKey(STRATEGY), Buffer.from(signedManifest(approved, TRADER_KEY.key)));
  files.set(LIMITS_KEY, Buffer.from(JSON.stringify(limitsFile)));
  files.set(parametersKey(STRATEGY), Buffer.from(JSON.stringify(PARAMETERS)));
  files.set(ciAttestationKey(COMMIT), Buffer.from(ciAttestation(ARTIFACT, CI_KEY.key)));
  store.records.set('CALENDAR#XSIM', { kind: 'CALENDAR', record: storedCalendar(shippedCalendar('XSIM')) });
  store.records.set(`TICKET#${TICKET.id}`, { kind: 'TICKET', record: TICKET });
  store.records.set('DASHBOARD#live', { kind: 'DASHBOARD', record: shippedDashboard().live });
  store.records.set('MATRIX#communications', { kind: 'MATRIX', record: shippedMatrix() });
  store.records.set('MONITORS#monitors', { kind: 'MONITORS', record: shippedMonitors() });
  store.strategies.set(STRATEGY, { ...newStrategy(STRATEGY), version: 1 });
  store.records.set(`REGISTRATION#${STRATEGY}`, { kind: 'REGISTRATION', record: REGISTRATION });
  const ports: Ports & {
    elapsedMs: () => number;
    webauthn: FakeWebauthn;
    trackers: Trackers;
    ciChecks: CiChecks;
    plans: Plans;
    governance: GovernanceKey;
    alarm: (what: string) => void;
    outsideTime: () => Promise<Date>;
    metrics: Metrics;
    log: (line: Record<string, unknown>) => void;
  } = {
    strategies: store,
    records: store,
    ledger: store,
    refusals: store,
    ...outside,
    bus: { publish: (detailType, detail) => deliver(detailType, detail) },
    governance: governanceKey(),
    alarm: (what) => void alarms.push(what),
    outsideTime: async () => new Date(clock.now.getTime() - (clock.now.getTime() % 1_000)),
    metrics: { put: () => undefined, flush: () => undefined },
    log: () => undefined,
    trustedManifestKeys: TRUSTED,
    trackers: {
      read: async (source) => ({ source, missing: false, problem: 'no tracker is configured' }),
      comment: async () => ({ problem: 'no tracker is configured' }),
    },
    ciChecks: { read: async (source) => ({ source, problem: 'no CI service is configured' }) },
    webauthn: new FakeWebauthn(),
    plans: {
      now: (id) => readPlanNow(id, ports),
      show: (question) => showPlan({ ask: 'gates', ...question }, ports),
    },
    demoAuthenticators: 'refused',
    issuerKeys: async () => ({ keys: [{ kty: 'RSA', kid: 'key-1', n: 'n', e: 'AQAB' }] }),
    parseYaml: (text) => parse(text) as unknown,
    readYaml,
    now: () => clock.now,
    jitter: async () => undefined,
    elapsedMs: () => clock.now.getTime(),
  };
  const bus = { delivers: true };
  /** What the bus rule of the template does: a change comes to the function that records it. */
  const deliver = async (detailType: string, detail: Record<string, unknown>) => {
    events.push({ detailType, detail });
    if (detailType === STRATEGY_CHANGES && bus.delivers) await recordChange({ detail }, ports);
  };
  const pass = (ms: number) => {
    clock.now = new Date(clock.now.getTime() + ms);
  };
  return {
    store,
    ports,
    clock,
    pass,
    events,
    alarms,
    bus,
    approved,
    key: TRADER_KEY.key,
    ciKey: CI_KEY.key,
    ...outside,
  };
}

export type World = ReturnType<typeof world>;

/** The strategy as it stands in the store. */
export const stateOf = ({ store }: Pick<World, 'store'>) => store.strategies.get(STRATEGY) ?? newStrategy(STRATEGY);

/** A world in which a launch has been asked for: LAUNCHING, its intent recorded. */
export async function launching(): Promise<World & { step: RunStep }> {
  const made = world();
  const state = stateOf(made);
  const decision = requestLaunch(state, {
    caller: trader,
    runId: RUN,
    request: { environment: 'prod' },
    freezes: [],
    now: made.clock.now,
  });
  if (decision instanceof Refusal) throw decision;
  await made.store.commit(state, decision, made.clock.now);
  return { ...made, step: { strategyId: STRATEGY, runId: RUN, epoch: 0 } };
}
