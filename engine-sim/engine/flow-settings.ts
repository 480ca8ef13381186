import * as z from 'zod';

/** Settings of the built-in order flow, from the deployed parameters; unknown members are ignored. */
export const FlowParameters = z.object({
  instrument: z.string().min(1).optional(),
  orderQuantity: z.number().positive().optional(),
  quoteOffsetBps: z.number().min(0).max(50).default(4),
  restingOrders: z.int().min(0).max(50).default(4),
  orderLifetimeSeconds: z.number().positive().max(300).default(5),
  fastBars: z.int().min(1).max(200).default(3),
  slowBars: z.int().min(2).max(500).default(10),
  /** Of the resting quotes: `gtc` ones have no lifetime, and outlive the session at the venue. */
  timeInForce: z.enum(['day', 'gtc']).default('day'),
  takeEverySeconds: z.number().positive().max(3600).default(5),
});
export type FlowParameters = z.infer<typeof FlowParameters>;

/** The limits that the engine obeys, from the deployed document. What is not there limits nothing, but an instrument that is not listed is not traded. */
export const FlowLimits = z.object({
  currency: z.string().default('USD'),
  instruments: z
    .record(z.string(), z.object({ maxNotional: z.number().positive(), maxPosition: z.number().positive() }))
    .default({}),
  killThresholds: z.object({ loss: z.number().positive() }).partial().default({}),
});
export type FlowLimits = z.infer<typeof FlowLimits>;

export type Flow = { readonly instrument: string; readonly parameters: FlowParameters; readonly limits: FlowLimits };

/** The flow of a deployment. Throws ZodError on documents that this engine cannot obey. */
export function flowOf(parameters: unknown, limits: unknown): Flow {
  const flow = FlowParameters.parse(parameters ?? {});
  const obeyed = FlowLimits.parse(limits ?? {});
  return {
    instrument: flow.instrument ?? Object.keys(obeyed.instruments)[0] ?? 'BTC-USD',
    parameters: flow,
    limits: obeyed,
  };
}
