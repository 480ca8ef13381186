import type { Context } from '../context.ts';
import { DataIncidents, DataIncidentView, type Incident, NoteTaken } from '../data-incident-replies.ts';
import { duration, utc } from '../output/marks.ts';
import { pairs, table } from '../output/table.ts';

export type DataIncidentOptions = { readonly strategy?: string; readonly all?: boolean };

const path = (id: string) => `/v1/data-incidents/${encodeURIComponent(id)}`;

/** Runbook 5.2.2: the outages of market data that are not over, or all of the newest. */
export async function dataIncidents(context: Context, { strategy, all }: DataIncidentOptions): Promise<void> {
  const { out, command } = context;
  const query = new URLSearchParams({ ...(strategy && { strategy }), ...(all && { state: 'all' }) });
  const found = await (await context.api('read')).get(`/v1/data-incidents?${query}`, DataIncidents);
  const rows = found.incidents.map((each) => [
    each.id,
    each.strategyId,
    each.status,
    utc(each.openedAt),
    whatNext(each),
  ]);
  out.result(
    found,
    table(out.paint, ['incident', 'strategy', 'status', 'since', 'what'], rows, 'no market data is out'),
  );
  for (const { id } of found.incidents.slice(0, 1))
    out.note(`  what is exposed: ${command(`data-incident show ${id}`)}`);
}

/** Runbook 5.2.3: what is held and open, by whom, and how old each feed is. */
export async function dataIncident(context: Context, id: string): Promise<void> {
  const { out, command } = context;
  const incident = await (await context.api('read')).get(path(id), DataIncidentView);
  out.result(
    incident,
    [headOf(context, incident), exposureOf(context, incident), notesOf(context, incident)].join('\n\n'),
  );
  if (incident.proposal?.runId && incident.status !== 'over')
    out.note(`  who has to sign the resumption: ${command('approvals')}`);
}

export async function noteIncident(context: Context, id: string, { text }: { readonly text: string }): Promise<void> {
  const { out, surroundings } = context;
  const api = await context.api('operate');
  const noted = await api.post(`${path(id)}/notes`, NoteTaken, {
    body: { text },
    idempotencyKey: surroundings.newKey(),
  });
  out.step('succeeded', noted.summary, undefined, noted);
}

const headOf = ({ out }: Context, incident: DataIncidentView): string =>
  pairs(out.paint, [
    ['incident', incident.id],
    ['strategy', incident.strategyId],
    ['status', incident.status],
    ['since', utc(incident.openedAt)],
    ['reason', incident.reason],
    ['led by', incident.owner],
    ['feeds', incident.stableSince ? `heard since ${utc(incident.stableSince)}` : 'not heard'],
    ['next', whatNext(incident)],
  ]);

/** What becomes of it, in a few words. */
function whatNext({ outcome, proposal, stableSince }: Incident): string {
  if (outcome) return outcome;
  if (proposal?.refused ?? proposal?.answer) return `resume it by hand: ${proposal?.refused ?? proposal?.answer}`;
  if (proposal) return `two people are asked to resume it: ${proposal.runId}`;
  return stableSince ? 'it is watched whether feeds stay' : 'feeds are waited for';
}

type Held = DataIncidentView['exposure']['venues'][number]['positions'];

const heldText = (positions: Held): string =>
  positions
    ? positions.map(({ quantity, instrument }) => `${quantity} ${instrument}`).join(', ') || 'none'
    : 'not known';

function exposureOf({ out }: Context, { exposure: { at, venues, engines } }: DataIncidentView): string {
  const age = (ms: number | null) => (ms === null ? 'not heard' : duration(ms));
  const rows = [
    ...venues.map(({ venue, openOrders, positions, unknown }) => [venue, openOrders ?? unknown, heldText(positions)]),
    ...engines.map(({ instanceId, openOrders, positions, pnl, feeds }) => [
      ...[instanceId, openOrders, heldText(positions)],
      pnl ? `${pnl.realised + pnl.unrealised} ${pnl.currency}` : 'not known',
      ...[age(feeds.marketDataMs), age(feeds.featureStoreMs)],
    ]),
  ];
  const head = ['source', 'open orders', 'positions', 'profit', 'market data', 'feature store'];
  return `exposure at ${utc(at)}\n${table(out.paint, head, rows, 'nothing is known')}`;
}

const notesOf = ({ out }: Context, { notes }: DataIncidentView): string =>
  table(
    out.paint,
    ['noted', 'by', 'text'],
    notes.map(({ at, by, text }) => [utc(at), by, text]),
    'nothing is noted yet',
  );
