import * as z from 'zod';
import type { Delivery } from '../../domain/communications/delivery.ts';
import { Trigger } from '../../domain/communications/trigger.ts';
import { RunId, StrategyId } from '../../domain/ids.ts';
import type { Ports } from '../../domain/ports/ports.ts';

/** Which deliveries. What is not known is refused: a filter that is not heeded would show too much. */
export const DeliveriesQuery = z.strictObject({
  strategy: StrategyId.optional(),
  trigger: Trigger.optional(),
  status: z.enum(['waiting', 'acknowledged', 'failed']).optional(),
  run: RunId.optional(),
  channel: z.string().min(1).max(60).optional(),
  /** Of one delivery: `<message>/<channel>`. */
  id: z.string().min(1).max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;

const NEWEST = 2_000;

/** Runbook 6: deliveries with their proof, newest first; a filter looks at the newest 2,000. */
export async function deliveriesView(
  { id, limit, ...filter }: DeliveriesQuery,
  { records }: { readonly records: Pick<Ports['records'], 'get' | 'list'> },
): Promise<Delivery[]> {
  const isAsked = Object.values(filter).some((value) => value !== undefined);
  const all =
    id === undefined
      ? await records.list('DELIVERY', { limit: isAsked ? NEWEST : limit })
      : [await records.get('DELIVERY', id)].filter((each) => each !== undefined);
  return all.filter((each) => matches(each, filter)).slice(0, limit);
}

const matches = (delivery: Delivery, { strategy, run, trigger, status, channel }: Filter): boolean =>
  is(strategy, delivery.strategyId) &&
  is(run, delivery.runId) &&
  is(trigger, delivery.trigger) &&
  is(status, delivery.status) &&
  is(channel, delivery.channel);

type Filter = Omit<DeliveriesQuery, 'id' | 'limit'>;

const is = (asked: string | undefined, actual: string | undefined): boolean => asked === undefined || asked === actual;
