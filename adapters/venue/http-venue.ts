import * as z from 'zod';
import { OpenOrders } from '../../domain/engine/open-order.ts';
import { Position } from '../../domain/engine/position.ts';
import { VenueCancel } from '../../domain/engine/venue-cancel.ts';
import type { Venue, Venues } from '../../domain/ports/venue.ts';
import { Refusal } from '../../domain/refusal.ts';

const DEADLINE_MS = 5_000;

/** Venues over HTTP, asked with our own read-and-cancel credentials: what rests there is what rests, whatever the engine says. */
export function createHttpVenues(credentialOf: (venueId: string) => Promise<string>): Venues {
  const call = async <Reply>(
    venue: Venue,
    method: 'GET' | 'DELETE',
    path: string,
    schema: z.ZodType<Reply>,
  ): Promise<Reply> => {
    const reply = schema.safeParse(await send(venue, method, path, await credentialOf(venue.id)));
    if (!reply.success)
      throw unreachable(venue, `an answer the contract does not know: ${z.prettifyError(reply.error)}`);
    return reply.data;
  };
  const of = (strategyId: string) => `?strategy=${encodeURIComponent(strategyId)}`;
  return {
    openOrders: async (venue, strategyId) =>
      (await call(venue, 'GET', `/v1/orders${of(strategyId)}`, OpenOrders)).orders,
    cancelAll: (venue, strategyId) => call(venue, 'DELETE', `/v1/orders${of(strategyId)}`, VenueCancel),
    positions: async (venue, strategyId) =>
      (await call(venue, 'GET', `/v1/positions${of(strategyId)}`, z.object({ positions: z.array(Position) })))
        .positions,
  };
}

async function send(venue: Venue, method: string, path: string, credential: string): Promise<unknown> {
  try {
    const response = await fetch(`${venue.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${credential}` },
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.json();
  } catch (error) {
    throw unreachable(venue, error instanceof Error ? error.message : String(error));
  }
}

const unreachable = ({ id }: Venue, why: string): Refusal =>
  new Refusal(
    'VenueUnreachable',
    `${id} did not answer within ${DEADLINE_MS} ms: ${why}`,
    'ask the venue by telephone what rests there',
    { venue: id },
  );
