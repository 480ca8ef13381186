import * as z from 'zod';

/** What is held of one instrument. `quantity` is signed (negative is short); prices are in the instrument's quote currency. */
export const Position = z.object({
  instrument: z.string().min(1).max(40),
  quantity: z.number(),
  averagePrice: z.number().min(0),
  markPrice: z.number().min(0),
});
export type Position = z.infer<typeof Position>;

/** Profit and loss since the instance was armed, in `currency`. */
export const ProfitAndLoss = z.object({
  realised: z.number(),
  unrealised: z.number(),
  currency: z.string().min(1).max(10),
});
export type ProfitAndLoss = z.infer<typeof ProfitAndLoss>;

export const Positions = z.object({ positions: z.array(Position).max(1000) });
export type Positions = z.infer<typeof Positions>;
