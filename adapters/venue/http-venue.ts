import * as z from 'zod';
import { AcceptedOrders } from '../../domain/engine/accepted-order.ts';
import { OpenOrders } from '../../domain/engine/open-order.ts';
import { Positions } from '../../domain/engine/position.ts';
import { VenueAccount } from '../../domain/engine/venue-account.ts';
import { VenueCancel } from '../../domain/engine/venue-cancel.ts';
import { VenueKind } from '../../domain/engine/venue-kind.ts';
import type { Venue, Venues } from '../../domain/ports/venue.ts';
import { Refusal } from '../../domain/refusal.ts';
import { jsonOf } from '../json-of.ts';

export type VenuePorts = {
  /** The control plane's own read-and-cancel key at that venue. */
  readonly credentialOf: (venueId: string) => Promise<string>;
  /** How long one call may take, in milliseconds. */
  readonly deadlineMs?: number;
};

const DEADLINE_MS = 3_000;

const Status = z.object({ kind: VenueKind.catch('live') });

/** The venues over HTTP (docs/engine-contract.md, Trading venue). Whatever is not a readable 2xx is a VenueUnreachable refusal: it proves nothing. */
export function httpVenues({ credentialOf, deadlineMs = DEADLINE_MS }: VenuePorts): Venues {
  const call = async <Schema extends z.ZodType>(
    venue: Venue,
    method: 'GET' | 'DELETE',
    path: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> => {
    const { ok, status, text } = await exchange(venue, method, path, await credentialOf(venue.id), deadlineMs);
    const parsed = schema.safeParse(ok ? jsonOf(text) : undefined);
    if (parsed.success) return parsed.data;
    const why = ok
      ? `its reply is not what the contract says: ${z.prettifyError(parsed.error)}`
      : `it answered ${status}: ${text.slice(0, 200)}`;
    throw unreachable(venue, why);
  };
  return {
    openOrders: async (venue, strategyId) =>
      (await call(venue, 'GET', `/v1/orders?${ofStrategy(strategyId)}`, OpenOrders)).orders,
    cancelAll: (venue, strategyId) => call(venue, 'DELETE', `/v1/orders?${ofStrategy(strategyId)}`, VenueCancel),
    async cancel(venue, orderId) {
      const path = `/v1/orders/${encodeURIComponent(orderId)}`;
      const reply = await exchange(venue, 'DELETE', path, await credentialOf(venue.id), deadlineMs);
      if (reply.status === 404) return { cancelRequested: 0, refused: [] }; // gone is what we wanted
      if (reply.status === 409) return { cancelRequested: 0, refused: [{ orderId, reason: detailIn(reply.text) }] };
      if (reply.ok) return { cancelRequested: 1, refused: [] };
      throw unreachable(venue, `it answered ${reply.status}: ${reply.text.slice(0, 200)}`);
    },
    positions: async (venue, strategyId) =>
      (await call(venue, 'GET', `/v1/positions?${ofStrategy(strategyId)}`, Positions)).positions,
    account: (venue, strategyId) => call(venue, 'GET', `/v1/positions?${ofStrategy(strategyId)}`, VenueAccount),
    acceptedOrders: (venue, strategyId, { since, until, after }) => {
      const query = new URLSearchParams({ strategy: strategyId, since, until, ...(after !== undefined && { after }) });
      return call(venue, 'GET', `/v1/orders/accepted?${query}`, AcceptedOrders);
    },
    kind: async (venue) => (await call(venue, 'GET', '/v1/status', Status)).kind,
  };
}

const ofStrategy = (strategyId: string): string => `strategy=${encodeURIComponent(strategyId)}`;

async function exchange(venue: Venue, method: string, path: string, credential: string, deadlineMs: number) {
  try {
    const reply = await fetch(`${venue.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${credential}`, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { ok: reply.ok, status: reply.status, text: await reply.text() };
  } catch (error) {
    throw unreachable(venue, reasonOf(error));
  }
}

const unreachable = ({ id }: Venue, why: string): Refusal =>
  new Refusal(
    'VenueUnreachable',
    `${id} gave no usable answer: ${why}`,
    'ask the venue by phone what rests there, and try again',
    { venue: id },
  );

const Problem = z.object({ detail: z.string().max(500) });

/** Why a venue refused, in its own words (RFC 9457), where it gives any. */
const detailIn = (text: string): string => Problem.safeParse(jsonOf(text)).data?.detail ?? text.slice(0, 200);

const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.cause instanceof Error
      ? error.cause.message || error.message
      : error.message
    : String(error);
