import type { LambdaFunction } from '../template/lambda-functions.ts';
import { failure, type InvokeResult, type Sandbox, type SandboxSurroundings, startSandbox } from './start-sandbox.ts';

export type PoolOptions = SandboxSurroundings & {
  /** How many threads stay, however idle. */
  readonly kept: number;
  readonly idleMs: number;
  /** Most threads at a time; further invocations wait their turn. */
  readonly most: number;
};

type Waiting = {
  readonly requestId: string;
  readonly event: string;
  readonly since: number;
  readonly done: (result: InvokeResult) => void;
};
type State = { is: 'starting' | 'busy' } | { is: 'free'; readonly idle: NodeJS.Timeout };

/** Until a sandbox of the function has been started, and so measured, in milliseconds. */
const USUAL_START_MS = 100;
/** A machine so busy that a start takes longer is no reason to wait longer. */
const LONGEST_PATIENCE_MS = 400;

/**
 * The sandboxes of one function: started when needed, one invocation at a time in each, ended when idle. An invocation waits
 * for one that is there as long as starting another would take: on a few cores a new thread, with cold code, serves nobody sooner.
 */
export class FunctionPool {
  readonly #fn: LambdaFunction;
  readonly #options: PoolOptions;
  readonly #startSandbox: typeof startSandbox;
  readonly #sandboxes = new Map<Sandbox, State>();
  readonly #queue: Waiting[] = [];
  #ended = false;
  #startMs = USUAL_START_MS;
  #loadedAt = 0;
  #lookAgain: NodeJS.Timeout | undefined;

  constructor(fn: LambdaFunction, options: PoolOptions, start = startSandbox) {
    this.#fn = fn;
    this.#options = options;
    this.#startSandbox = start;
  }

  /** Never rejects: what goes wrong is a failed result. */
  invoke(requestId: string, event: string): Promise<InvokeResult> {
    if (this.#ended) return Promise.resolve(stopped());
    return new Promise((done) => {
      this.#queue.push({ requestId, event, since: performance.now(), done });
      this.#dispatch();
    });
  }

  /** Starts the threads that stay, one after the other; resolves when the first is loaded. */
  async warm(): Promise<void> {
    const missing = this.#options.kept - this.#sandboxes.size;
    if (missing <= 0) return;
    await this.#start();
    if (missing > 1 && !this.#ended) void this.warm();
  }

  /** Ends all threads. Invocations under way or waiting fail. */
  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#lookAgain);
    for (const { done } of this.#queue.splice(0)) done(stopped());
    await Promise.all([...this.#sandboxes.keys()].map((sandbox) => this.#drop(sandbox)));
  }

  /** Gives those that wait to free sandboxes, and starts one for each that has waited long enough; whichever is free first takes the next. */
  #dispatch(): void {
    this.#forgetDead();
    for (let free = this.#takeFree(); free; free = this.#takeFree()) void this.#run(free);
    const starting = [...this.#sandboxes.values()].filter(({ is }) => is === 'starting').length;
    const room = this.#options.most - this.#sandboxes.size;
    for (let more = Math.min(room, this.#wanted() - starting); more > 0; more -= 1) void this.#start();
  }

  /** One that ended by itself while nobody used it takes no room: else as many as there may be of them would answer nobody any more. */
  #forgetDead(): void {
    for (const [sandbox, state] of this.#sandboxes) {
      if (state.is !== 'free' || sandbox.alive()) continue;
      clearTimeout(state.idle);
      this.#sandboxes.delete(sandbox);
    }
  }

  /** For how many of those that wait a sandbox of their own is worth starting. Looks again when that may change. */
  #wanted(): number {
    clearTimeout(this.#lookAgain);
    const [first] = this.#queue;
    if (!first) return 0;
    const waitsUntil = ({ since }: Waiting) => Math.max(since, this.#loadedAt) + this.#startMs;
    const now = performance.now();
    const patient = this.#queue.filter((each) => waitsUntil(each) > now);
    const [next] = patient;
    if (next) this.#lookAgain = setTimeout(() => this.#dispatch(), waitsUntil(next) - now + 1).unref();
    return Math.max(this.#queue.length - patient.length, this.#sandboxes.size === 0 ? 1 : 0);
  }

  /** The free sandbox used last, so that the others may become idle for good. */
  #takeFree(): Sandbox | undefined {
    if (this.#queue.length === 0) return undefined;
    return [...this.#sandboxes].findLast(([sandbox, { is }]) => is === 'free' && sandbox.alive())?.[0];
  }

  async #start(): Promise<void> {
    const startedAt = performance.now();
    const sandbox = this.#startSandbox(this.#fn, this.#options);
    this.#sandboxes.set(sandbox, { is: 'starting' });
    const problem = await sandbox.loaded;
    this.#loadedAt = performance.now();
    this.#startMs = Math.min(this.#loadedAt - startedAt, LONGEST_PATIENCE_MS);
    if (!problem) return this.#free(sandbox);
    await this.#drop(sandbox);
    const [first] = this.#queue; // whoever came while it started was not what it was started for
    if (first && first.since <= startedAt) this.#queue.shift()?.done(failure(problem));
    this.#dispatch();
  }

  async #run(sandbox: Sandbox): Promise<void> {
    const next = this.#queue.shift();
    if (!next) return;
    const { requestId, event, done } = next;
    const state = this.#sandboxes.get(sandbox);
    if (state?.is === 'free') clearTimeout(state.idle);
    this.#sandboxes.set(sandbox, { is: 'busy' });
    done(await sandbox.run({ requestId, event, deadline: Date.now() + this.#fn.timeoutMs }));
    this.#free(sandbox);
  }

  #free(sandbox: Sandbox): void {
    this.#sandboxes.delete(sandbox);
    if (sandbox.alive() && !this.#ended) {
      const idle = setTimeout(() => this.#endIdle(sandbox), this.#options.idleMs).unref();
      this.#sandboxes.set(sandbox, { is: 'free', idle });
    }
    this.#dispatch();
  }

  #endIdle(sandbox: Sandbox): void {
    if (this.#sandboxes.size > this.#options.kept) void this.#drop(sandbox);
  }

  #drop(sandbox: Sandbox): Promise<void> {
    this.#sandboxes.delete(sandbox);
    return sandbox.end();
  }
}

const stopped = () => failure({ errorType: 'Runtime.HostStopped', errorMessage: 'The local host is stopping' });
