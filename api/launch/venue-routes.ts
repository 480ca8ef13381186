import type { Context, Hono } from 'hono';
import type { Role } from '../../domain/approval/approval.ts';
import type { Caller } from '../../domain/approval/caller.ts';
import { endHalt } from '../../domain/market/end-halt.ts';
import { HaltRequest, haltVenue } from '../../domain/market/halt-venue.ts';
import { venueIn } from '../../domain/market/venue-in.ts';
import { commandKey, handle, READING } from '../control-api.ts';
import type { LaunchPorts } from '../launch-app.ts';
import { operating } from '../operating.ts';
import { readBody } from '../read-body.ts';
import { venueDetails, venueView } from '../views/venue-view.ts';

/** Saying that a venue is halted is safer, and anybody's who may stop trading; that it is over lets launches go on. */
const MAY_HALT: readonly Role[] = ['sre', 'risk-officer', 'execution-trader'];
const MAY_END: readonly Role[] = ['sre'];

/** Runbook 1.3: when venues trade, and the halts that people know of. */
export function venueRoutes(app: Hono, ports: LaunchPorts): void {
  app.get('/v1/venues', (context) =>
    handle(context, ports, READING, async () => context.json({ venues: await listVenues(ports) }, 200)),
  );
  app.get('/v1/venues/:mic', (context) =>
    handle(context, ports, READING, async () => context.json(await showVenue(param(context, 'mic'), ports), 200)),
  );
  app.post('/v1/venues/:mic/halts', (context) =>
    handle(context, ports, operating(MAY_HALT, 'a trading halt'), (caller) => halt(context, caller, ports)),
  );
  app.post('/v1/venues/:mic/halts/:id/end', (context) =>
    handle(context, ports, operating(MAY_END, 'ending a trading halt'), (caller) => end(context, caller, ports)),
  );
}

const param = ({ req }: Context, name: string): string => req.param(name) ?? '';

async function listVenues({ records, now }: LaunchPorts) {
  const calendars = await records.list('CALENDAR', { limit: 1_000 });
  const views = calendars.map(async (stored) => venueView(stored, await records.get('HALT', stored.id), now()));
  return (await Promise.all(views)).toSorted((left, right) => (left.mic < right.mic ? -1 : 1));
}

async function showVenue(mic: string, ports: LaunchPorts) {
  const stored = await venueIn(mic, ports);
  return venueDetails(stored, await ports.records.get('HALT', stored.id), ports.now());
}

async function halt(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const request = await readBody(context.req.raw, HaltRequest);
  const { reply, receipt } = await haltVenue(
    { mic: param(context, 'mic'), actor: caller.subject, key, request },
    ports,
  );
  return context.json({ ...reply, receipt }, 200);
}

async function end(context: Context, caller: Caller, ports: LaunchPorts): Promise<Response> {
  const key = commandKey(context.req.raw, caller);
  const { mic, haltId, actor } = { mic: param(context, 'mic'), haltId: param(context, 'id'), actor: caller.subject };
  const { reply, receipt } = await endHalt({ mic, haltId, actor, key }, ports);
  return context.json({ ...reply, receipt }, 200);
}
