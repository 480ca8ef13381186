import * as z from 'zod';
import { OpenOrder } from '../engine/open-order.ts';
import { Position, ProfitAndLoss } from '../engine/position.ts';
import { RunId, StrategyId } from '../ids.ts';

/** Why a venue or an instance said nothing of its account. */
const Silent = z.object({ source: z.string(), unknown: z.string() });

/** An account as the venue keeps it, with the orders that rest there. `cash` is in the currency of the strategy's limits; left out by a venue that does not tell it. */
const VenueTold = z.object({
  source: z.string(),
  positions: z.array(Position),
  cash: z.number().optional(),
  resting: z.array(OpenOrder),
});

/** What an instance reported after it flushed its residual state. */
const EngineTold = z.object({
  source: z.string(),
  positions: z.array(Position),
  cash: z.number(),
  pnl: ProfitAndLoss,
  openOrders: z.array(OpenOrder),
});

/** One line of the comparison: both sides, and what the engines have more than the venues (0 within the tolerance). */
const Line = z.object({
  what: z.enum(['position', 'cash', 'orders']),
  instrument: z.string().optional(),
  venues: z.number(),
  engines: z.number(),
  difference: z.number(),
  same: z.boolean(),
});
export type SettlementLine = z.infer<typeof Line>;

/**
 * `settle.json` (runbook 4.4): what every engine instance reported after its flush against every venue's own account. The verdict is
 * `unknown` where anybody said nothing: then nothing is taken for equal, and `compared` holds only what was told whole.
 */
export const Settlement = z.object({
  v: z.literal(1),
  strategy: StrategyId,
  run: RunId.optional(),
  at: z.iso.datetime(),
  tolerance: z.object({ quantity: z.string(), cash: z.string() }),
  venues: z.array(z.union([VenueTold, Silent])),
  engines: z.array(z.union([EngineTold, Silent])),
  compared: z.array(Line),
  silent: z.array(z.object({ source: z.string(), why: z.string() })),
  verdict: z.enum(['agrees', 'differs', 'unknown']),
});
export type Settlement = z.infer<typeof Settlement>;

/** The lines on which both sides say something else. */
export const differencesOf = ({ compared }: Pick<Settlement, 'compared'>): SettlementLine[] =>
  compared.filter(({ same }) => !same);

/** One sentence for people: what differs, who said nothing, or that all agree. */
export function settlementSummary(settlement: Pick<Settlement, 'compared' | 'silent' | 'verdict' | 'engines'>): string {
  const differing = differencesOf(settlement).map(lineText);
  const silent = settlement.silent.map(({ source }) => `${source} did not say what it holds`);
  if (settlement.verdict === 'agrees')
    return `${settlement.engines.length} instances settled; positions, cash and orders are what the venues say`;
  const all = [...differing, ...silent];
  return `${all.slice(0, 5).join('; ')}${all.length > 5 ? `; and ${all.length - 5} more` : ''}`;
}

/** `position BTC-USD: venues 1, engines 1.5` */
export const lineText = ({ what, instrument, venues, engines }: SettlementLine): string =>
  `${what}${instrument === undefined ? '' : ` ${instrument}`}: venues ${venues}, engines ${engines}`;
