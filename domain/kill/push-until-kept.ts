import type { InstanceStatus } from './push-halt.ts';

const AGAIN_MS = 1_000;

/** `begun`: the kill has its turn at the store. `kept`: it is latched, spooled, or could be neither. */
export type Keeping = { readonly begun: Promise<unknown>; readonly kept: Promise<unknown> };

/**
 * Pushes the halt, and again each second while the kill is being kept and is not yet (architecture section 5, Kill path): what
 * goes on meanwhile, without a latch to stop it, may have armed an engine again. Answers the last halt that each instance told.
 */
export async function pushUntilKept(
  push: () => Promise<InstanceStatus[]>,
  { begun, kept }: Keeping,
): Promise<InstanceStatus[]> {
  let known = await push();
  await Promise.race([begun, kept]);
  while (!(await endsWithin(kept, AGAIN_MS))) known = withLater(known, await push());
  return known;
}

/** An instance that has told its halt has told it, whatever becomes of asking it once more. */
const withLater = (earlier: readonly InstanceStatus[], later: readonly InstanceStatus[]): InstanceStatus[] =>
  later.map((each) =>
    each.status === 'halted' ? each : (earlier.find(({ instanceId }) => instanceId === each.instanceId) ?? each),
  );

function endsWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const ended = () => true;
  return Promise.race([promise.then(ended, ended), late]).finally(() => clearTimeout(timer));
}
