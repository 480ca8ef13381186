import { change, readStrategy } from '../change.ts';
import type { Decision } from '../decision.ts';
import type { StrategyId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import type { KillSpool } from '../ports/kill-spool.ts';
import type { Ports } from '../ports/ports.ts';
import { Refusal } from '../refusal.ts';
import type { Strategy } from '../strategy.ts';
import { kill } from './kill.ts';
import type { SpooledKill } from './spooled-kill.ts';

export type DrainPorts = Pick<Ports, 'strategies' | 'records' | 'now' | 'jitter'> & {
  readonly spool: Pick<KillSpool, 'read'>;
};

/**
 * Takes the kills that waited while the store was out of reach into state and ledger, in their order, each once, whoever else
 * drains at the same time. Answers the strategy as it is then. Throws UnknownStrategy, and Contended when others write all
 * the time: whoever asks may then not go on as if nothing waited.
 */
export async function drainSpool(strategyId: StrategyId, ports: DrainPorts): Promise<Strategy> {
  for (;;) {
    const state = await readStrategy(strategyId, ports);
    const number = state.spooledKills;
    const spooled = await ports.spool.read(strategyId, number);
    if (!spooled) return state;
    const recorded = (await ports.records.get('RUN', spooled.runId)) !== undefined;
    await change(
      strategyId,
      { key: `spool/${strategyId}/${number}`, body: spooled },
      (now) => takeIn(now, { number, spooled, recorded }),
      ports,
    );
  }
}

type TakeIn = { number: number; spooled: SpooledKill; recorded: boolean };

/**
 * The rule: a kill of the spool is a kill, by who decided it, when, and why; number for number. Where it got into the store
 * as well (its answer was lost), it reaffirms itself: the latch is its own already, and the record of its run stays.
 */
export function takeIn(state: Strategy, { number, spooled, recorded }: TakeIn): Decision<{ epoch: number }> {
  if (state.spooledKills !== number) return { state, entries: [], reply: { epoch: state.epoch } }; // somebody else did
  const { decidedAt, ...decided } = spooled;
  const { records, ...decision } = kill(state, { ...decided, now: new Date(decidedAt) });
  return {
    ...decision,
    state: { ...decision.state, spooledKills: number + 1 },
    entries: decision.entries.map((entry) => withNumber(entry, number)),
    ...(records && !recorded && { records }),
  };
}

const withNumber = (entry: NewEntry, spooled: number): NewEntry => ({
  ...entry,
  payload: { ...entry.payload, spooled },
});

/** For whatever makes trading riskier: nothing goes on while a kill still waits. Refuses with KillSpooled when it could not be taken in. */
export async function requireDrained(strategyId: StrategyId, ports: DrainPorts): Promise<Strategy> {
  try {
    return await drainSpool(strategyId, ports);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'Contended') throw error;
    throw new Refusal(
      'KillSpooled',
      `a kill of ${strategyId} waits to be taken into the ledger`,
      'try again in a moment; until then nothing can make trading riskier',
      { strategyId },
    );
  }
}
