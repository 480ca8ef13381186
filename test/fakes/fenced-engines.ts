import type { RiskStatus } from '../../domain/engine/risk-status.ts';
import type { EngineInstance } from '../../domain/engine-instances.ts';
import type {
  ArmCommand,
  DeployCommand,
  EngineCommand,
  HaltCommand,
  ModeCommand,
  ProbeCommand,
} from '../../domain/ports/engine.ts';
import { Refusal } from '../../domain/refusal.ts';
import { adoptEpoch, arm, halt, load, requireIdle, setMode } from '../../engine-sim/engine/command-rules.ts';
import { type EngineState, FRESH, type Instant } from '../../engine-sim/engine/engine-state.ts';
import { inForce, type LeaseTerms, loseLease, takeLease } from '../../engine-sim/engine/lease-rules.ts';
import { allowProbe, loseLeaseNow } from '../../engine-sim/engine/probe-rules.ts';
import { Problem } from '../../engine-sim/program/problem.ts';
import { FakeEngines } from './fake-outside.ts';

/** Something an instance obeyed. `latchedFrom` is the lowest epoch that lifts its halt afterwards; null is not halted. */
export type Obeyed = { instanceId: string; command: 'halt' | 'arm'; epoch: number; latchedFrom: number | null };

/** Engines that keep the engine contract: the rules of the simulated engine (fencing, latched halt, leases), without its process. */
export class FencedEngines extends FakeEngines {
  readonly states = new Map<string, EngineState>();
  readonly obeyed: Obeyed[] = [];
  /** Instances that no halt reaches. */
  readonly deaf = new Set<string>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    super();
    this.#now = now;
  }

  instant(): Instant {
    const now = this.#now().getTime();
    return { elapsed: now, wall: now };
  }

  stateOf(instanceId: string): EngineState {
    return this.states.get(instanceId) ?? FRESH;
  }

  inForce = (instanceId: string) => inForce(this.stateOf(instanceId), this.instant());

  override async halt(instance: EngineInstance, command: HaltCommand) {
    await super.halt(instance, command);
    if (this.deaf.has(instance.instanceId))
      throw new Refusal('EngineUnreachable', `${instance.instanceId} did not answer`, 'look at it');
    const { epoch, halt: latched } = this.#obey(instance, (state) => halt(state, command, this.instant()));
    this.#note(instance, 'halt', command.epoch);
    const haltedAt = latched?.at ?? '';
    return { instanceId: instance.instanceId, halted: true as const, epoch, openOrders: 0, haltedAt };
  }

  override async arm(instance: EngineInstance, command: ArmCommand) {
    await super.arm(instance, command);
    const { epoch } = this.#obey(instance, (state) => arm(state, command, this.instant()));
    this.#note(instance, 'arm', command.epoch);
    return { instanceId: instance.instanceId, armed: true as const, epoch, mode: 'SAFE' as const };
  }

  override async mode(instance: EngineInstance, command: ModeCommand) {
    const reply = await super.mode(instance, command);
    this.#obey(instance, (state) => setMode(state, command, this.instant()));
    return reply;
  }

  override async deploy(instance: EngineInstance, command?: DeployCommand) {
    const reply = await super.deploy(instance);
    const loaded = { ...this.attested, parameters: command?.parameters, limits: command?.limits };
    this.#obey(instance, (state) => load(requireIdle(state, envelope(command), this.instant()), loaded));
    return reply;
  }

  override async probe(instance: EngineInstance, command: ProbeCommand) {
    const reply = await super.probe(instance, command);
    const body = { ...command, venues: [...command.venues] };
    const rule = command.kind === 'order' ? allowProbe : loseLeaseNow;
    this.#obey(instance, (state) => rule(state, body, this.instant()));
    return reply;
  }

  override async settle(instance: EngineInstance, command?: EngineCommand) {
    const reply = await super.settle(instance);
    this.#obey(instance, (state) => adoptEpoch(state, envelope(command)));
    return reply;
  }

  override async riskStatus(instance: EngineInstance): Promise<RiskStatus> {
    const status = await super.riskStatus(instance);
    const { epoch, halt: latched } = this.stateOf(instance.instanceId);
    return { ...status, epoch, halted: latched !== null };
  }

  /** What the engine does with the answer to its renewal. */
  take(instanceId: string, sent: Instant, terms: LeaseTerms): void {
    this.states.set(instanceId, takeLease(this.stateOf(instanceId), sent, terms, this.instant()));
  }

  /** What the engine does when it is told that its lease had expired. */
  lose(instanceId: string, epoch: number): void {
    this.states.set(instanceId, loseLease(this.stateOf(instanceId), epoch));
  }

  #obey({ instanceId }: EngineInstance, rule: (state: EngineState) => EngineState): EngineState {
    try {
      const next = rule(this.stateOf(instanceId));
      this.states.set(instanceId, next);
      return next;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Refusal('EngineRefused', `${instanceId} refused: ${error.message}`, 'look at it', { code: error.code });
    }
  }

  #note({ instanceId }: EngineInstance, command: Obeyed['command'], epoch: number): void {
    this.obeyed.push({ instanceId, command, epoch, latchedFrom: this.stateOf(instanceId).halt?.armFrom ?? null });
  }
}

const envelope = (command?: EngineCommand) => ({
  strategyId: command?.strategyId ?? '',
  epoch: command?.epoch ?? 0,
  commandId: command?.commandId ?? '',
});
