import type { AcceptedOrder, AcceptedOrders, AcceptedQuery } from '../../domain/engine/accepted-order.ts';
import type { Attestation } from '../../domain/engine/attestation.ts';
import type { Probed } from '../../domain/engine/command-replies.ts';
import type { OpenOrder } from '../../domain/engine/open-order.ts';
import type { Position } from '../../domain/engine/position.ts';
import type { RiskStatus } from '../../domain/engine/risk-status.ts';
import type { SmokeReport } from '../../domain/engine/smoke-report.ts';
import type { TradingMode } from '../../domain/engine/trading-mode.ts';
import type { VenueKind } from '../../domain/engine/venue-kind.ts';
import type { EngineInstance } from '../../domain/engine-instances.ts';
import type { Digest } from '../../domain/ids.ts';
import { digestOf, digestOfBytes } from '../../domain/ledger/digest.ts';
import type { Machine } from '../../domain/machine.ts';
import type { Engines, ModeCommand } from '../../domain/ports/engine.ts';
import type { EvidenceDocument, EvidenceStore } from '../../domain/ports/evidence.ts';
import type { Executions, HistoryPage } from '../../domain/ports/executions.ts';
import type { FlagDeployment, FlagReading, Flags } from '../../domain/ports/flags.ts';
import type { Venue, Venues } from '../../domain/ports/venue.ts';
import { Refusal } from '../../domain/refusal.ts';

const AT = '2026-11-24T12:00:00.000Z';
const DIGEST = digestOf('nothing');
const CONFIGURATION = { engine: 'a-fake', version: '1.0.0', venues: [{ venue: 'XSIM', kind: 'live' as const }] };
const CONFIGURED = { configuration: CONFIGURATION, configurationDigest: digestOf(CONFIGURATION) };
const PROBE_ORDER = {
  orderId: 'probe-1',
  instrument: 'BTC-PERP',
  side: 'buy' as const,
  quantity: 1,
  price: 75,
  referencePrice: 100,
};

/** An engine that does as it is told; `unreachable` names instances that do not answer. */
export class FakeEngines implements Engines {
  readonly calls: string[] = [];
  readonly modes: TradingMode[] = [];
  /** The ids of orders that each mode command named to be left. */
  readonly leaves: (string[] | undefined)[] = [];
  /** The orders that each instance counts as its own. */
  counts: OpenOrder[] = [];
  readonly unreachable = new Set<string>();
  attested: { artifactDigest: Digest; limitsDigest: Digest; parametersDigest: Digest } = {
    artifactDigest: DIGEST,
    limitsDigest: DIGEST,
    parametersDigest: DIGEST,
  };
  /** What single instances attest instead: a stale one, one of another version. */
  readonly attestedBy = new Map<string, Partial<Attestation>>();
  status: Partial<RiskStatus> = {};
  smokeOrders = 5;
  smokeSays: Partial<SmokeReport> = {};

  #call(name: string, { instanceId }: EngineInstance): void {
    this.calls.push(`${name} ${instanceId}`);
    if (this.unreachable.has(instanceId))
      throw new Refusal('EngineUnreachable', `${instanceId} did not answer`, 'look at it');
  }

  async halt(instance: EngineInstance, { epoch }: { epoch: number }) {
    this.#call('halt', instance);
    return { instanceId: instance.instanceId, halted: true as const, epoch, openOrders: 0, haltedAt: AT };
  }
  async arm(instance: EngineInstance, { epoch }: { epoch: number }) {
    this.#call('arm', instance);
    return { instanceId: instance.instanceId, armed: true as const, epoch, mode: 'SAFE' as const };
  }
  async mode(instance: EngineInstance, { epoch, mode, leave }: Pick<ModeCommand, 'epoch' | 'mode' | 'leave'>) {
    this.#call('mode', instance);
    this.modes.push(mode);
    this.leaves.push(leave?.map(({ orderId }) => orderId));
    return { instanceId: instance.instanceId, epoch, mode, maxOrdersPerSec: 0 };
  }
  async throttle(instance: EngineInstance, { epoch, maxOrdersPerSec }: { epoch: number; maxOrdersPerSec: number }) {
    this.#call('throttle', instance);
    return { instanceId: instance.instanceId, epoch, mode: 'THROTTLED' as const, maxOrdersPerSec };
  }
  async cancelAll(instance: EngineInstance) {
    this.#call('cancel-all', instance);
    return { cancelRequested: 0 };
  }
  async deploy(instance: EngineInstance) {
    this.#call('deploy', instance);
    return {
      instanceId: instance.instanceId,
      ...this.attested,
      ...CONFIGURED,
      ...this.attestedBy.get(instance.instanceId),
    };
  }
  async smoke(instance: EngineInstance) {
    this.#call('smoke', instance);
    const order = {
      at: AT,
      instrument: 'BTC-PERP',
      side: 'buy' as const,
      quantity: 1,
      price: 100,
      referencePrice: 100,
    };
    return {
      window: { from: '2026-11-24T11:45:00.000Z', to: AT },
      bars: 15,
      orders: Array.from({ length: this.smokeOrders }, () => order),
      rejects: 0,
      cancels: 2,
      latency: { p50Ms: 1, p95Ms: 2 },
      artifactDigest: this.attested.artifactDigest,
      ...this.smokeSays,
    };
  }
  async probe(
    instance: EngineInstance,
    { kind, venues }: { kind: 'order' | 'lose-lease'; venues: readonly string[] },
  ): Promise<Probed> {
    this.#call(`probe-${kind}`, instance);
    const { instanceId } = instance;
    if (kind === 'lose-lease') return { instanceId, placed: [], leaseLost: true };
    return { instanceId, placed: venues.map((venue) => ({ ...PROBE_ORDER, venue })), leaseLost: false };
  }
  async settle(instance: EngineInstance) {
    this.#call('settle', instance);
    return {
      instanceId: instance.instanceId,
      settled: true as const,
      openOrders: [],
      positions: [],
      cash: 0,
      pnl: { realised: 0, unrealised: 0, currency: 'USD' },
    };
  }
  async riskStatus(instance: EngineInstance): Promise<RiskStatus> {
    this.#call('risk-status', instance);
    return {
      strategyId: instance.strategyId,
      instanceId: instance.instanceId,
      mode: 'SAFE',
      halted: true,
      epoch: 0,
      ...this.attested,
      configurationDigest: CONFIGURED.configurationDigest,
      killSwitch: { subscribed: true, lastProbeAt: AT },
      acknowledgements: { healthy: true, p95Ms: 3 },
      queueBacklog: 0,
      riskHeartbeatAt: AT,
      capabilities: ['probe'],
      ...this.attestedBy.get(instance.instanceId),
      ...this.status,
    } as RiskStatus; // overrides of a test may leave the union's order
  }
  async openOrders({ instanceId }: EngineInstance): Promise<OpenOrder[]> {
    if (this.unreachable.has(instanceId))
      throw new Refusal('EngineUnreachable', `${instanceId} did not answer`, 'look at it');
    return this.counts;
  }
  async positions() {
    return [];
  }
}

/** Venues where `resting` orders rest until they have been cancelled `stubborn` times; until then each cancel is refused for the reason `refuses`, if there is one. */
export class FakeVenues implements Venues {
  resting = 0;
  stubborn = 0;
  cancels = 0;
  refuses: string | undefined;
  is: VenueKind = 'live';
  /** Orders that rest beside those that are only counted: good till cancelled, say. */
  kept: OpenOrder[] = [];
  readonly unreachable = new Set<string>();

  #call({ id }: Venue): void {
    if (this.unreachable.has(id)) throw new Refusal('VenueUnreachable', `${id} did not answer`, 'call it');
  }

  async openOrders(venue: Venue): Promise<OpenOrder[]> {
    this.#call(venue);
    const counted = Array.from({ length: this.resting }, (_, index) => ({
      orderId: `o-${index}`,
      venue: 'XSIM',
      instrument: 'BTC-PERP',
      side: 'buy' as const,
      quantity: 1,
      price: 1,
      submittedAt: AT,
    }));
    return [...counted, ...this.kept.filter((order) => order.venue === venue.id)];
  }
  async cancelAll() {
    this.cancels += 1;
    const cancelRequested = this.resting + this.kept.length;
    const reason = this.refuses;
    if (this.cancels > this.stubborn) {
      this.resting = 0;
      this.kept = [];
    } else if (reason) return { cancelRequested: 0, refused: refusals(cancelRequested, reason) };
    return { cancelRequested, refused: [] };
  }
  async cancel(venue: Venue, orderId: string) {
    this.#call(venue);
    if (this.refuses !== undefined) return { cancelRequested: 0, refused: [{ orderId, reason: this.refuses }] };
    const kept = this.kept.filter((order) => order.orderId !== orderId);
    if (kept.length === this.kept.length) this.resting = Math.max(0, this.resting - 1);
    this.kept = kept;
    return { cancelRequested: 1, refused: [] };
  }
  async positions(venue: Venue) {
    this.#call(venue);
    return [{ instrument: 'BTC-PERP', quantity: 1, averagePrice: 1, markPrice: 1 }];
  }
  /** What its account holds; the cash is left out where it is undefined. */
  holds: { positions: Position[]; cash: number | undefined } = { positions: [], cash: 0 };
  accepted: AcceptedOrder[] = [];
  keptSince: string | undefined;

  async account(venue: Venue) {
    this.#call(venue);
    const { positions, cash } = this.holds;
    return { positions, ...(cash !== undefined && { cash }) };
  }
  /** Two at a time. */
  async acceptedOrders(venue: Venue, _strategyId: string, query: AcceptedQuery): Promise<AcceptedOrders> {
    this.#call(venue);
    const from = Number(query.after ?? 0);
    const asked = this.accepted.filter(({ submittedAt }) => submittedAt >= query.since && submittedAt < query.until);
    return {
      orders: asked.slice(from, from + 2),
      ...(from + 2 < asked.length && { next: String(from + 2) }),
      ...(this.keptSince !== undefined && { keptSince: this.keptSince }),
    };
  }
  async kind(venue: Venue) {
    this.#call(venue);
    return this.is;
  }
}

const refusals = (count: number, reason: string) =>
  Array.from({ length: count }, (_, index) => ({ orderId: `o-${index}`, reason }));

export class FakeFlags implements Flags {
  live: boolean | undefined = false;
  version = 0;
  conflict = false;

  async enable(_flag: unknown, stillAllowed: () => Promise<void>): Promise<FlagDeployment> {
    const seen = this.version;
    await stillAllowed();
    if (this.conflict || this.version !== seen)
      throw new Refusal('FlagConflict', 'somebody else writes', 'find out who');
    return this.#write(true);
  }
  async disable(): Promise<FlagDeployment> {
    return this.#write(false);
  }
  async read(): Promise<FlagReading> {
    return { live: this.live, version: this.version };
  }
  #write(live: boolean): FlagDeployment {
    this.live = live;
    this.version += 1;
    return { version: this.version, deployment: this.version, state: 'COMPLETE', at: AT };
  }
}

export class FakeExecutions implements Executions {
  readonly started: { machine: Machine; name: string; input: Record<string, unknown> }[] = [];
  readonly answered: { token: string; outcome: string }[] = [];
  down = false;

  async start(machine: Machine, name: string, input: Record<string, unknown>): Promise<void> {
    if (this.down) throw new Error('Step Functions is down');
    if (!this.started.some((each) => each.name === name)) this.started.push({ machine, name, input });
  }
  async history(_machine: Machine, name: string): Promise<HistoryPage | undefined> {
    return this.started.some((each) => each.name === name) ? { events: [] } : undefined;
  }
  async succeed(token: string): Promise<void> {
    this.answered.push({ token, outcome: 'succeeded' });
  }
  async fail(token: string, { code }: Refusal): Promise<void> {
    this.answered.push({ token, outcome: code });
  }
}

export class FakeEvidence implements EvidenceStore {
  readonly files = new Map<string, Uint8Array>();

  async read(key: string): Promise<EvidenceDocument | undefined> {
    const bytes = this.files.get(key);
    return bytes && { key, bytes, hash: digestOfBytes(bytes), storedAt: AT, etag: digestOfBytes(bytes) };
  }
  async createOnce(key: string, content: string | Uint8Array): Promise<Digest> {
    const hash = digestOfBytes(content);
    const there = this.files.get(key);
    if (there && digestOfBytes(there) !== hash) throw new Error(`${key} exists with other content`);
    this.files.set(key, Buffer.from(content));
    return hash;
  }
  async replace(
    key: string,
    content: string | Uint8Array,
    before: EvidenceDocument | undefined,
  ): Promise<Digest | undefined> {
    const there = this.files.get(key);
    if ((there && digestOfBytes(there)) !== before?.etag) return undefined;
    this.files.set(key, Buffer.from(content));
    return digestOfBytes(content);
  }
  async list(prefix: string): Promise<string[]> {
    return [...this.files.keys()].filter((key) => key.startsWith(prefix));
  }
}
