import type { Machine } from '../../domain/machine.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { FakeExecutions } from '../fakes/fake-outside.ts';
import type { Context } from './walk-machine.ts';

type Waiting = { state: string; go: (output: unknown) => void; stop: (why: Error) => void };

/** State machines that begin when they are started, and that wait for the answer to a task token. */
export class RaceExecutions extends FakeExecutions {
  readonly waiting = new Map<string, Waiting>();
  began: (machine: Machine, name: string, input: Context) => void = () => undefined;

  override async start(machine: Machine, name: string, input: Record<string, unknown>): Promise<void> {
    const before = this.started.length;
    await super.start(machine, name, input);
    if (this.started.length > before) this.began(machine, name, input);
  }
  answer(token: string, state: string): Promise<unknown> {
    return new Promise((go, stop) => this.waiting.set(token, { state, go, stop }));
  }
  override async succeed(token: string): Promise<void> {
    await super.succeed(token);
    this.#take(token)?.go({});
  }
  override async fail(token: string, refusal: Refusal): Promise<void> {
    await super.fail(token, refusal);
    this.#take(token)?.stop(refusal);
  }
  /** As Step Functions does when nobody answers. True when there was something to end. A kill waits on. */
  timeOut(): boolean {
    const late = [...this.waiting].filter(([, { state }]) => state !== 'Ask for the confirmer');
    for (const [token] of late)
      this.#take(token)?.stop(Object.assign(new Error('nobody answered'), { name: 'States.Timeout' }));
    return late.length > 0;
  }
  #take(token: string) {
    const taken = this.waiting.get(token);
    this.waiting.delete(token);
    return taken;
  }
}
