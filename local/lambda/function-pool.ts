import type { LambdaFunction } from '../template/lambda-functions.ts';
import { failure, type InvokeResult, type Sandbox, type SandboxSurroundings, startSandbox } from './start-sandbox.ts';

export type PoolOptions = SandboxSurroundings & {
  /** How many threads stay, however idle. */
  readonly kept: number;
  readonly idleMs: number;
  /** Most threads at a time; further invocations wait their turn. */
  readonly most: number;
};

type Waiting = { readonly requestId: string; readonly event: string; readonly done: (result: InvokeResult) => void };
type State = { is: 'starting' | 'busy' } | { is: 'free'; readonly idle: NodeJS.Timeout };

/** The sandboxes of one function: started when needed, one invocation at a time in each, ended when idle. */
export class FunctionPool {
  readonly #fn: LambdaFunction;
  readonly #options: PoolOptions;
  readonly #sandboxes = new Map<Sandbox, State>();
  readonly #queue: Waiting[] = [];
  #ended = false;

  constructor(fn: LambdaFunction, options: PoolOptions) {
    this.#fn = fn;
    this.#options = options;
  }

  /** Never rejects: what goes wrong is a failed result. */
  invoke(requestId: string, event: string): Promise<InvokeResult> {
    if (this.#ended) return Promise.resolve(stopped());
    return new Promise((done) => {
      this.#queue.push({ requestId, event, done });
      this.#dispatch();
    });
  }

  /** Starts the threads that stay, and resolves when they are loaded. */
  async warm(): Promise<void> {
    const missing = Math.max(0, this.#options.kept - this.#sandboxes.size);
    await Promise.all(Array.from({ length: missing }, () => this.#start()));
  }

  /** Ends all threads. Invocations under way or waiting fail. */
  async end(): Promise<void> {
    this.#ended = true;
    for (const { done } of this.#queue.splice(0)) done(stopped());
    await Promise.all([...this.#sandboxes.keys()].map((sandbox) => this.#drop(sandbox)));
  }

  /** Gives those that wait to free sandboxes, and starts one for each of the others; whichever is free first takes the next. */
  #dispatch(): void {
    for (let free = this.#takeFree(); free; free = this.#takeFree()) void this.#run(free);
    const starting = [...this.#sandboxes.values()].filter(({ is }) => is === 'starting').length;
    const room = this.#options.most - this.#sandboxes.size;
    for (let more = Math.min(room, this.#queue.length - starting); more > 0; more -= 1) void this.#start();
  }

  /** The free sandbox used last, so that the others may become idle for good. */
  #takeFree(): Sandbox | undefined {
    if (this.#queue.length === 0) return undefined;
    return [...this.#sandboxes].findLast(([sandbox, { is }]) => is === 'free' && sandbox.alive())?.[0];
  }

  async #start(): Promise<void> {
    const sandbox = startSandbox(this.#fn, this.#options);
    this.#sandboxes.set(sandbox, { is: 'starting' });
    const problem = await sandbox.loaded;
    if (!problem) return this.#free(sandbox);
    await this.#drop(sandbox);
    this.#queue.shift()?.done(failure(problem));
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
