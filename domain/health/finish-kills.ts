import { readRegistration } from '../change.ts';
import { drainSpool } from '../kill/drain-spool.ts';
import { killCovered } from '../kill/kill-covered.ts';
import { atOnce, inTurns, type Turn } from '../kill/turns.ts';
import type { Strategy } from '../strategy.ts';
import type { Done, Sweep } from './sweep.ts';

const KILLS_AT_A_TIME = 16;
const KILL_PATIENCE_MS = 10_000;

/** Takes kills that wait in the spool into state and ledger (architecture section 5). */
export const takeInKills = ({ strategies, ports }: Sweep): Promise<Done> =>
  forEach(strategies, atOnce, ({ id }) => drainSpool(id, ports));

/** Finishes what the kill of a scope began. */
export async function killAllCovered({ strategies, ports }: Sweep): Promise<Done> {
  const latches = await ports.records.all('LATCH');
  if (latches.length === 0) return {};
  const turn = inTurns(KILLS_AT_A_TIME, KILL_PATIENCE_MS);
  return forEach(strategies, turn, async (state) =>
    state.latch ? state : killCovered(state, await readRegistration(state.id, ports), ports),
  );
}

/** The strategies as they are then; one that fails stays as it is known, and holds up no other. */
async function forEach(
  strategies: readonly Strategy[],
  turn: Turn,
  change: (state: Strategy) => Promise<Strategy>,
): Promise<Done> {
  const changed = await Promise.allSettled(strategies.map((state) => turn(() => change(state))));
  return {
    strategies: strategies.map((state, index) => {
      const each = changed[index];
      return each?.status === 'fulfilled' ? each.value : state;
    }),
    faults: changed.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : [])),
  };
}
