import type { Probed } from '../../domain/engine/command-replies.ts';
import type { EngineInstance } from '../../domain/engine-instances.ts';
import type { HaltCommand, ProbeCommand } from '../../domain/ports/engine.ts';
import type { Venue } from '../../domain/ports/venue.ts';
import { FakeVenues } from './fake-outside.ts';
import { FencedEngines } from './fenced-engines.ts';

type Resting = { readonly orderId: string; readonly venue: string; readonly instanceId: string };

/** What goes wrong on purpose. */
export type ProbeFaults = {
  /** The engine never cancels by itself. */
  deafToLeaseLoss?: boolean;
  /** The engine puts out orders though it is halted. */
  deafToHalt?: boolean;
  /** The engine says that it put an order out, and did not. */
  liar?: boolean;
  /** The venue refuses our cancels. */
  refusesCancels?: boolean;
  /** Called before each probe order. */
  beforeOrder?: () => void;
};

/** A venue whose book the engines' probe orders really stand in. */
export class ProbedVenues extends FakeVenues {
  book: Resting[] = [];
  override is = 'simulated' as const;
  readonly #faults: ProbeFaults;

  constructor(faults: ProbeFaults) {
    super();
    this.#faults = faults;
  }

  override async openOrders(venue: Venue) {
    await super.openOrders(venue);
    const rests = this.book.filter((order) => order.venue === venue.id);
    const more = { instrument: 'BTC-PERP', side: 'buy' as const, quantity: 1, price: 75, submittedAt: AT };
    return rests.map(({ orderId }) => ({ orderId, venue: venue.id, ...more }));
  }

  override async cancelAll() {
    this.cancels += 1;
    if (this.#faults.refusesCancels)
      return { cancelRequested: 0, refused: [{ orderId: 'o-1', reason: 'no cancels now' }] };
    const cancelRequested = this.book.length;
    this.book = [];
    return { cancelRequested, refused: [] };
  }
}

const AT = '2026-11-24T12:00:00.000Z';

/** Engines that keep the contract's rules of a probe, with the orders that they put out at those venues. */
export class ProbingEngines extends FencedEngines {
  #orders = 0;
  readonly #venues: ProbedVenues;
  readonly #faults: ProbeFaults;

  constructor(now: () => Date, venues: ProbedVenues, faults: ProbeFaults) {
    super(now);
    this.#venues = venues;
    this.#faults = faults;
  }

  override async halt(instance: EngineInstance, command: HaltCommand) {
    const reply = await super.halt(instance, command);
    this.#cancelOf(instance);
    return reply;
  }

  override async probe(instance: EngineInstance, command: ProbeCommand): Promise<Probed> {
    if (command.kind === 'order') this.#faults.beforeOrder?.();
    const ignoresHalt = this.#faults.deafToHalt && this.stateOf(instance.instanceId).halt !== null;
    const reply = ignoresHalt ? await this.#obeyAnyway(instance, command) : await super.probe(instance, command);
    if (reply.leaseLost && !this.#faults.deafToLeaseLoss) this.#cancelOf(instance);
    const placed = reply.placed.map((order) => ({ ...order, orderId: `p-${this.#next()}` }));
    if (!this.#faults.liar)
      this.#venues.book.push(
        ...placed.map(({ orderId, venue }) => ({ orderId, venue, instanceId: instance.instanceId })),
      );
    return { ...reply, placed };
  }

  /** As if nobody had halted it. */
  async #obeyAnyway(instance: EngineInstance, { venues }: ProbeCommand): Promise<Probed> {
    const order = {
      orderId: 'any',
      instrument: 'BTC-PERP',
      side: 'buy' as const,
      quantity: 1,
      price: 75,
      referencePrice: 100,
    };
    return { instanceId: instance.instanceId, placed: venues.map((venue) => ({ ...order, venue })), leaseLost: false };
  }

  #next(): number {
    this.#orders += 1;
    return this.#orders;
  }

  #cancelOf({ instanceId }: EngineInstance): void {
    this.#venues.book = this.#venues.book.filter((order) => order.instanceId !== instanceId);
  }
}
