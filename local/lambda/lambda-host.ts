import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { LambdaFunction } from '../template/lambda-functions.ts';
import { busyTimes } from './busy-times.ts';
import { FunctionPool } from './function-pool.ts';
import { gate } from './gate.ts';
import type { InvokeResult } from './start-sandbox.ts';

export type LambdaHostOptions = {
  readonly functions: readonly LambdaFunction[];
  /** Added to what the template gives each function: endpoints, region, credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many threads of a function stay warm, by name; 0 for the others. */
  readonly kept?: Readonly<Record<string, number>>;
  /** Functions that people and engines wait for: they get a core before the others, and while one of them is busy, the steps of machines are not begun. */
  readonly entrances?: ReadonlySet<string>;
  /** Functions that look at things each second: they come after the entrances and before all the others. */
  readonly watchers?: ReadonlySet<string>;
  readonly compileCache?: string;
  readonly onLine: (functionName: string, line: string) => void;
  /** Idle time after which a thread ends; a minute unless given. */
  readonly idleMs?: number;
};

export type LambdaHost = {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** Runs a function with an event of JSON text. Throws for a function that does not exist; what the function throws is a failed result. */
  invoke(name: string, event: string, requestId?: string): Promise<InvokeResult>;
  warm(): Promise<void>;
  end(): Promise<void>;
};

/** Threads of one function at a time, at most: each takes about 25 MB. */
const mostThreads = 8;
/** So many of all functions that AWS keeps no executions for work at a time: more would only make each other slower. */
const unreservedAtWork = Math.max(2, availableParallelism());
/** One that takes longer than this, in milliseconds, waits for an engine, a venue or a store. */
const atWorkMs = 1000;
/** How long one of them waits for a moment in which no entrance of people and engines is busy, in milliseconds. */
const longestYieldMs = 250;
/** So long nothing has to have come in for such a moment. */
const calmMs = 10;

/** Runs the deployed bundles as Lambda would: threads of their own, their own environment, one invocation at a time, a hard timeout. */
export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  const { functions, environment, kept = {}, entrances = new Set(), compileCache, onLine, idleMs = 60_000 } = options;
  const pools = new Map(
    functions.map((fn) => {
      const most = Math.min(fn.reserved ?? mostThreads, mostThreads);
      const own = { ...runtimeEnvironment(fn), ...environment, ...fn.environment };
      return [
        fn.name,
        new FunctionPool(fn, {
          ...{ environment: own, compileCache, onLine, idleMs, most },
          ...{ kept: kept[fn.name] ?? 0, ...niceOf(fn.name, options) },
        }),
      ] as const;
    }),
  );
  const byName = new Map(functions.map((fn) => [fn.name, fn]));
  const unreserved = gate(unreservedAtWork, atWorkMs);
  const asked = busyTimes(calmMs); // what a kill has set off must not hold up the next kill
  return {
    functions: byName,
    async invoke(name, event, requestId = randomUUID()) {
      const pool = pools.get(name);
      if (!pool) throw new Error(`There is no function ${name} in the template`);
      const run = () => pool.invoke(requestId, event);
      if (entrances.has(name)) return asked.during(run);
      if (byName.get(name)?.reserved) return run(); // the courier: nobody waits for it, and it is never in the way of a step
      await asked.quiet(longestYieldMs);
      return unreserved.run(run);
    },
    async warm() {
      await Promise.all([...pools.values()].map((pool) => pool.warm()));
    },
    async end() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
    },
  };
}

/** What watches may not starve behind a busy machine; still it leaves a core to a kill first. */
const WATCHER = 5;

function niceOf(name: string, { entrances, watchers }: LambdaHostOptions): { nice?: number } {
  if (entrances?.has(name)) return { nice: 0 };
  return watchers?.has(name) ? { nice: WATCHER } : {};
}

const runtimeEnvironment = ({ name, memoryMb, handler, codePath }: LambdaFunction) => ({
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  LAMBDA_TASK_ROOT: codePath,
  _HANDLER: handler,
  TZ: ':UTC',
});
