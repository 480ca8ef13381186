import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';
import { time } from '../replies.ts';

const Ticket = z.looseObject({ ticket: z.string(), by: z.string(), at: time });
const Incident = z.looseObject({
  ...{ id: z.string(), venue: z.string(), strategyId: z.string(), runId: z.string(), status: z.string() },
  ...{ reason: z.string(), by: z.string(), openedAt: time, killAt: time, ordersPerSec: z.number() },
  ...{ tickets: z.array(Ticket), unstable: z.array(z.string()), stableSince: time.nullish() },
  ...{ lookedAt: time.nullish(), endedAt: time.nullish(), outcome: z.string().nullish() },
});
type Incident = z.infer<typeof Incident>;
const Incidents = z.looseObject({
  incidents: z.array(Incident),
  file: z.looseObject({ path: z.string(), text: z.string() }).optional(),
});
const Added = z.looseObject({
  summary: z.string(),
  incidents: z.array(
    z.looseObject({
      strategyId: z.string(),
      incident: z.string().nullish(),
      summary: z.string(),
      file: z.string().nullish(),
    }),
  ),
  failed: z.array(z.looseObject({ strategyId: z.string(), problem: z.string() })),
});
const Closed = z.looseObject({ summary: z.string() });

export type AddOptions = {
  readonly venue: string;
  readonly ticket?: string;
  readonly strategy?: string;
  readonly reason?: string;
  readonly rate?: number;
};

/** Runbook 5.3: throttles what trades at a venue in trouble, and logs the ticket of its support. From here on the five minutes are counted. */
export async function venueIncidentAdd(context: Context, options: AddOptions): Promise<void> {
  const { out, surroundings, command } = context;
  const { venue, ticket, strategy, reason, rate } = options;
  const api = await context.api('operate');
  const added = await api.post(`/v1/venues/${encodeURIComponent(venue)}/incidents`, Added, {
    body: { strategy, ticket, reason, ordersPerSec: rate }, // what is left out is not sent
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', added.summary, undefined, added);
  for (const { strategyId, incident, summary, file } of added.incidents) {
    out.note(`  ${strategyId}: ${summary}`);
    if (file != null) out.note(`    logged in ${file}`);
    if (incident != null) out.note(`    look at it: ${command(`venue-incident show ${incident}`)}`);
  }
  for (const { strategyId, problem } of added.failed) out.note(`  ${strategyId}: not done: ${problem}`);
  if (added.failed.length > 0)
    throw new CliError('state', `it failed for ${added.failed.length} strategies`, 'ask again for each of them');
}

export type ListOptions = { readonly strategy?: string; readonly venue?: string; readonly open?: boolean };

/** The newest incident that each strategy has with each venue. */
export async function venueIncidentList(context: Context, { strategy, venue, open }: ListOptions): Promise<void> {
  const { out } = context;
  const asked = new URLSearchParams({
    ...(strategy !== undefined && { strategy }),
    ...(venue !== undefined && { venue }),
    state: open ? 'open' : 'all',
  });
  const listed = await (await context.api('read')).get(`/v1/venue-incidents?${asked}`, Incidents);
  const rows = listed.incidents.map((each) => [
    ...[each.id, each.status, utc(each.openedAt), each.status === 'open' ? utc(each.killAt) : '-'],
    ...[ticketsOf(each), each.outcome ?? stateOf(each)],
  ]);
  const head = ['incident', 'status', 'since', 'killed at', 'tickets', 'what'];
  out.result(listed, table(out.paint, head, rows, 'no venue is or was in trouble'));
}

/** One incident, and the file in which its run logs incidents and tickets. */
export async function venueIncidentShow(context: Context, id: string): Promise<void> {
  const { out } = context;
  const asked = new URLSearchParams({ id });
  const shown = await (await context.api('read')).get(`/v1/venue-incidents?${asked}`, Incidents);
  const [incident] = shown.incidents;
  if (!incident) throw new CliError('usage', `there is no incident ${id}`, 'look at: venue-incident ls');
  const text = pairs(out.paint, [
    ['incident', incident.id],
    ['status', incident.status],
    ['venue', incident.venue],
    ['strategy', incident.strategyId],
    ['reason', incident.reason],
    ['by', incident.by],
    ['since', utc(incident.openedAt)],
    ['throttled to', `${incident.ordersPerSec} orders/s`],
    ['killed at', incident.status === 'open' ? `${utc(incident.killAt)}, unless it is stable by then` : undefined],
    ['last look', incident.lookedAt == null ? undefined : `${utc(incident.lookedAt)}: ${stateOf(incident)}`],
    ['tickets', ticketsOf(incident)],
    ['ended', incident.endedAt == null ? undefined : `${utc(incident.endedAt)}: ${incident.outcome}`],
    ['run', incident.runId],
    ['file', shown.file?.path],
  ]);
  out.result(shown, shown.file ? `${text}\n\n${shown.file.text}` : text);
}

/** Ends an incident early, once its venue is stable: refused before, since its deadline protects. */
export async function venueIncidentClose(context: Context, id: string, { note }: { readonly note: string }) {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const closed = await api.post(`/v1/venue-incidents/${encodeURIComponent(id)}/closure`, Closed, {
    body: { note },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', closed.summary, undefined, closed);
}

const ticketsOf = ({ tickets }: Incident): string => tickets.map(({ ticket }) => ticket).join(', ') || 'none yet';

const stateOf = ({ unstable, stableSince }: Incident): string =>
  unstable.length === 0 && stableSince != null
    ? `stable since ${utc(stableSince)}`
    : unstable.join('; ') || 'not looked at yet';
