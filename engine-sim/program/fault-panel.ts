import { Hono } from 'hono';
import { Problem, problemResponse } from './problem.ts';

export type Faults<Name extends string> = {
  /** Whether the fault holds for that instance or venue. */
  active(name: Name, target: string): boolean;
  /** Resolves when the fault does not hold for the target, at once if so already. */
  whenCleared(name: Name, target: string): Promise<void>;
  /** The control port for people and tests: lists, injects and clears. */
  readonly app: Hono;
};

/** Every fault with the targets it holds for. */
type FaultList = {
  readonly faults: readonly {
    readonly name: string;
    readonly description: string;
    readonly active: readonly string[];
  }[];
};

const EVERYTHING = '*';

/** Faults by name, for all targets or for one. `known` says what each does. */
export function faultPanel<Name extends string>(
  known: Readonly<Record<Name, string>>,
  targets: readonly string[],
): Faults<Name> {
  const injected = new Map<string, Set<string>>();
  const waiting = new Set<{ name: Name; target: string; resolve: () => void }>();
  const active = (name: Name, target: string) =>
    injected.get(name)?.has(EVERYTHING) === true || injected.get(name)?.has(target) === true;

  const wake = () => {
    for (const waiter of waiting) {
      if (active(waiter.name, waiter.target)) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };
  const list = (): FaultList => ({
    faults: namesOf(known).map((name) => ({
      name,
      description: known[name],
      active: injected.get(name)?.size ? [...(injected.get(name) ?? [])] : [],
    })),
  });
  const change = (name: string, target: string | undefined, inject: boolean) => {
    requireKnown(name, target, namesOf(known), targets);
    const on = injected.get(name) ?? new Set<string>();
    if (inject) on.add(target ?? EVERYTHING);
    else if (target) on.delete(target);
    else on.clear();
    injected.set(name, on);
    wake();
    return list();
  };

  return {
    active,
    whenCleared(name, target) {
      if (!active(name, target)) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add({ name, target, resolve });
      return promise;
    },
    app: routes(list, change),
  };
}

function routes(
  list: () => FaultList,
  change: (name: string, target: string | undefined, inject: boolean) => FaultList,
): Hono {
  const app = new Hono();
  const targetOf = (query: Record<string, string>) => query['instance'] ?? query['venue'];
  app.onError((error) => {
    if (error instanceof Problem) return problemResponse(error);
    throw error;
  });
  app.use(async (context, next) => {
    if (context.req.header('origin') !== undefined)
      throw new Problem(403, 'NotPermitted', 'faults are not injected from web pages', 'use the command line');
    await next();
  });
  app.get('/faults', (context) => context.json(list()));
  app.post('/faults/:name', (context) =>
    context.json(change(context.req.param('name'), targetOf(context.req.query()), true)),
  );
  app.delete('/faults/:name', (context) =>
    context.json(change(context.req.param('name'), targetOf(context.req.query()), false)),
  );
  return app;
}

function requireKnown(
  name: string,
  target: string | undefined,
  names: readonly string[],
  targets: readonly string[],
): void {
  if (!names.includes(name))
    throw new Problem(404, 'NotFound', `there is no fault ${name}`, `the faults are ${names.join(', ')}`);
  if (target !== undefined && !targets.includes(target)) {
    throw new Problem(404, 'NotFound', `there is no ${target} here`, `there are ${targets.join(', ')}`);
  }
}

const namesOf = <Name extends string>(known: Readonly<Record<Name, string>>): Name[] =>
  Object.keys(known).filter((name): name is Name => Object.hasOwn(known, name));
