import Table from 'cli-table3';
import type { Fault } from './fault.ts';
import type { FaultWorld } from './fault-world.ts';
import { type Judged, judgeCase } from './judge-case.ts';
import { runRound } from './run-round.ts';

/** How often a fault happens, and to how many strategies at a time. */
export type Rounds = { readonly rounds: number; readonly seedsEach: number; readonly firstSeed: number };

/** What came of one fault over all of its seeds. */
export type Row = { readonly fault: Fault; readonly judged: readonly Judged[] };

/** Lets a fault happen as often as asked, to strategies that are killed by seeds of their own, and looks at what became of each. */
export async function tryFault(
  fault: Fault,
  { rounds, seedsEach, firstSeed }: Rounds,
  world: FaultWorld,
): Promise<Row> {
  const judged: Judged[] = [];
  await world.renew();
  for (let round = 0; round < rounds; round += 1) {
    const seeds = Array.from({ length: seedsEach }, (_, index) => firstSeed + round * seedsEach + index);
    const cases = await runRound(fault, seeds, world);
    const of = await Promise.all(cases.map((each) => judgeCase(each, world)));
    judged.push(...of);
  }
  return { fault, judged };
}

/** Everything that is not as it has to be, with the seed that shows it. */
export const wrongOf = ({ fault, judged }: Row): readonly string[] => [
  ...judged.flatMap(({ seed, wrong }) => wrong.map((sentence) => `seed ${seed}: ${sentence}`)),
  ...(fault.keepsNobody ? waitedFor(judged) : []),
];

/** A busy machine holds up one kill or another; one that waits for the end of the fault holds up all of them. */
function waitedFor(judged: readonly Judged[]): string[] {
  const isHeldUp = judged.some(({ after }) => after > 0) && judged.every(({ before }) => before === 0);
  return isHeldUp ? ['every kill waited until the fault was over'] : [];
}

const HEAD = ['fault', 'seeds', 'kills', 'accepted', 'spooled', 'in ledger', 'orders after', 'slowest ack'];

/** The matrix, for people. */
export function printed(rows: readonly Row[]): string {
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  for (const { fault, judged } of rows) {
    const sum = (of: (each: Judged) => number) => judged.reduce((total, each) => total + of(each), 0);
    const slowest = Math.max(...judged.map(({ slowestMs }) => slowestMs));
    table.push([
      fault.name,
      judged.length,
      sum(({ asked }) => asked),
      sum(({ accepted }) => accepted),
      sum(({ spooled }) => spooled),
      sum(({ inLedger }) => inLedger),
      sum(({ ordersAfterBound }) => ordersAfterBound),
      `${slowest.toFixed(0)} ms`,
    ]);
  }
  return table.toString();
}
