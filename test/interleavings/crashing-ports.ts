import type { RacePorts } from './scheduled-ports.ts';

/**
 * Where a process ends, or is left alone, at one of its calls: it dies before the call is done, or after; or it lives on, and
 * the call fails, or only its answer is lost.
 */
export const ENDS = ['dies before', 'dies after', 'fails', 'answer lost'] as const;
export type Crash = { call: number; end: (typeof ENDS)[number] };

const PORTS = [
  'strategies',
  'records',
  'ledger',
  'spool',
  'executions',
  'evidence',
  'engines',
  'venues',
  'flags',
  'bus',
] as const;

/** Ports on which everything goes well until the given call. `died` settles when the process is dead: then no call of it does anything. */
export function crashingPorts(base: RacePorts, crash: Crash | undefined) {
  const { promise: died, resolve: die } = Promise.withResolvers<void>();
  const life = { dead: false, calls: 0 };

  async function call(act: () => Promise<unknown>): Promise<unknown> {
    if (life.dead) return never();
    life.calls += 1;
    return life.calls - 1 === crash?.call ? crashAt(crash.end, act) : act();
  }

  async function crashAt(end: Crash['end'], act: () => Promise<unknown>): Promise<unknown> {
    if (end === 'fails') throw new Error('it failed');
    if (end !== 'dies before') await act();
    if (end === 'answer lost') throw new Error('the answer was lost');
    life.dead = true;
    die();
    return never();
  }

  const crashing = Object.fromEntries(PORTS.map((name) => [name, through(base[name], call)]));
  return { ports: { ...base, ...(crashing as Partial<RacePorts>) }, died, life };
}

const never = () => new Promise<never>(() => undefined);

const through = (port: object, call: (act: () => Promise<unknown>) => Promise<unknown>) =>
  new Proxy(port, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      return typeof value === 'function'
        ? (...given: unknown[]) => call(async () => value.apply(target, given))
        : value;
    },
  });

/** Runs a step as its machine does: what died, failed or was refused is run again, at most `tries` times. The first try may crash. Answers how many calls that try made. */
export async function withRetries(
  step: (ports: RacePorts, attempt: number) => Promise<unknown>,
  base: RacePorts,
  crash: Crash | undefined,
  tries = 5,
): Promise<number> {
  const { ports, died, life } = crashingPorts(base, crash);
  const first = await Promise.race([outcome(step(ports, 0)), died.then(() => false)]);
  for (let attempt = 1, done = first; !done; attempt += 1) {
    if (attempt > tries) throw new Error(`not done after ${tries} tries`);
    done = await outcome(step(base, attempt));
  }
  return life.calls;
}

const outcome = (step: Promise<unknown>): Promise<boolean> =>
  step.then(
    () => true,
    () => false,
  );
