import type { ActorId, RunId } from '../ids.ts';
import type { NewEntry } from '../ledger/ledger-entry.ts';
import { differencesOf, type Settlement } from './settlement.ts';

const MOST_LISTED = 100; // the rest stands in settle.json

/** What the ledger keeps of a settlement: the verdict, every difference up to a hundred, and who said nothing. */
export const settlementEntry = (
  settlement: Settlement,
  by: { readonly actor: ActorId; readonly run?: RunId },
  files: Readonly<Record<string, unknown>> = {},
): NewEntry => {
  const differences = differencesOf(settlement);
  return {
    type: 'strategy.settled',
    ...by,
    payload: {
      verdict: settlement.verdict,
      settled: settlement.engines.filter((each) => !('unknown' in each)).length,
      compared: settlement.compared.length,
      differing: differences.length,
      differences: differences.slice(0, MOST_LISTED),
      silent: settlement.silent.slice(0, MOST_LISTED),
      ...files,
    },
  };
};
