import * as z from 'zod';
import type { Position, ProfitAndLoss } from '../engine/position.ts';
import type { StrategyLimits } from '../launch/risk-limits.ts';

const share = z.number().min(0);

/** How much of the approved limits is in use, as shares of 1. Money in the currency of the limits; an instrument that has no limit has no share. */
export const LimitsUse = z.object({
  instruments: z.array(
    z.object({
      instrument: z.string(),
      notional: z.number(),
      ofMaxNotional: share.nullable(),
      ofMaxPosition: share.nullable(),
    }),
  ),
  grossNotional: z.number(),
  ofKillNotional: share,
  /** Realised and unrealised together, below zero. */
  loss: z.number(),
  ofKillLoss: share,
  /** The largest of all shares. */
  worst: share,
});
export type LimitsUse = z.infer<typeof LimitsUse>;

/** What is in use of a strategy's limits, by what its instances reported: positions and profits of all of them together. */
export function limitsUse(
  positions: readonly Position[],
  pnl: readonly Pick<ProfitAndLoss, 'realised' | 'unrealised'>[],
  { instruments: limits, killThresholds }: Pick<StrategyLimits, 'instruments' | 'killThresholds'>,
): LimitsUse {
  const instruments = [...byInstrument(positions)].map(([instrument, { quantity, notional }]) => {
    const limit = limits[instrument];
    return {
      instrument,
      notional: cents(notional),
      ofMaxNotional: limit ? notional / limit.maxNotional : null,
      ofMaxPosition: limit ? Math.abs(quantity) / limit.maxPosition : null,
    };
  });
  const grossNotional = instruments.reduce((sum, { notional }) => sum + notional, 0);
  const loss = Math.max(0, -pnl.reduce((sum, { realised, unrealised }) => sum + realised + unrealised, 0));
  const ofKillNotional = grossNotional / killThresholds.notional;
  const ofKillLoss = loss / killThresholds.loss;
  const shares = instruments.flatMap(({ ofMaxNotional, ofMaxPosition }) => [ofMaxNotional ?? 0, ofMaxPosition ?? 0]);
  const worst = Math.max(ofKillNotional, ofKillLoss, ...shares);
  return { instruments, grossNotional: cents(grossNotional), ofKillNotional, loss: cents(loss), ofKillLoss, worst };
}

/** Sums of all instances; what is flat is left out. */
function byInstrument(positions: readonly Position[]): Map<string, { quantity: number; notional: number }> {
  const held = new Map<string, { quantity: number; notional: number }>();
  for (const { instrument, quantity, markPrice } of positions) {
    const before = held.get(instrument)?.quantity ?? 0;
    const sum = before + quantity;
    held.set(instrument, { quantity: sum, notional: Math.abs(sum) * markPrice });
  }
  return new Map([...held].filter(([, { quantity }]) => quantity !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const cents = (money: number): number => Math.round(money * 100) / 100;
