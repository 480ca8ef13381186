import { lineText, type Settlement, settlementSummary } from './settlement.ts';

/** `settle.log` (runbook 4.4) for people: what every side said, then each line of the comparison. */
export function settleLog(settlement: Settlement): string {
  const { at, strategy, run, venues, engines, compared, silent, tolerance, verdict } = settlement;
  return [
    `${at}  settle ${strategy}${run === undefined ? '' : `: run ${run}`}`,
    `  tolerance: quantities ${tolerance.quantity}; cash ${tolerance.cash}`,
    ...engines.map((each) =>
      'unknown' in each
        ? `  ✖ engine ${each.source} said nothing: ${each.unknown}`
        : `  ✓ engine ${each.source}: ${positions(each.positions)}, cash ${each.cash}, realised ${each.pnl.realised} ${each.pnl.currency}, ${each.openOrders.length} orders open`,
    ),
    ...venues.map((each) =>
      'unknown' in each
        ? `  ✖ venue ${each.source} said nothing: ${each.unknown}`
        : `  ✓ venue ${each.source}: ${positions(each.positions)}, cash ${each.cash ?? 'not told'}, ${each.resting.length} orders rest`,
    ),
    ...compared.map((line) => `  ${line.same ? '✓' : '✖'} ${lineText(line)}`),
    ...silent.map(({ source, why }) => `  ✖ not compared: ${source}: ${why}`),
    `${at}  ${verdict}: ${settlementSummary(settlement)}`,
  ]
    .map((line) => `${line.replaceAll(/\p{Cc}+/gu, ' ')}\n`) // venues and engines wrote parts of it: what they say stays on its line
    .join('');
}

const positions = (held: readonly { instrument: string; quantity: number }[]): string => {
  const open = held.filter(({ quantity }) => quantity !== 0);
  return open.length === 0
    ? 'no position'
    : open.map(({ instrument, quantity }) => `${quantity} ${instrument}`).join(', ');
};
